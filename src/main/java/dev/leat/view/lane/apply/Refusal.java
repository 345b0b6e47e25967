package dev.leat.view.lane.apply;

import dev.leat.failure.Unavailable;
import dev.leat.pipeline.PipelineException;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.writer.RowRefusal;
import io.vertx.pgclient.PgException;
import java.util.Optional;

/**
 * Why a view doesn't take rows.
 *
 * @param message for whoever looks at the dead letter
 * @param isOfData whether it is the rows' values that can't be stored
 * @param isOfView whether no rows would be taken
 * @param cause what the view or Postgres said
 */
record Refusal(String message, boolean isOfData, boolean isOfView, Throwable cause) {

    private static final String SYNTAX_OR_ACCESS = "42";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    static Refusal of(Throwable failure) {
        Optional<String> ofData = RowRefusal.of(failure);
        return ofData.map(message -> new Refusal(message, true, false, failure))
                .orElseGet(() -> new Refusal(Unavailable.message(failure), false, isOfView(failure), failure));
    }

    /**
     * Postgres gives a place within our text where it can't understand it; what a value makes a function say has none, with
     * the same SQLSTATE. What a function of the user may not do has a context.
     */
    private static boolean isOfView(Throwable failure) {
        return switch (failure) {
            case ContractException ignored -> true;
            case PipelineException ignored -> true;
            case PgException refused ->
                refused.getSqlState() != null
                        && refused.getSqlState().startsWith(SYNTAX_OR_ACCESS)
                        && (refused.getPosition() != null
                                || refused.getSqlState().equals(INSUFFICIENT_PRIVILEGE) && refused.getWhere() == null);
            default -> false;
        };
    }
}
