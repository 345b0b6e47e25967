package dev.leat.ingest;

import dev.leat.lake.LakeInterrupted;
import dev.leat.schema.ContractException;
import dev.leat.schema.RegistryOutage;
import dev.leat.view.FencedException;
import dev.leat.view.ViewRefusal;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;

/** What a failure means for the lane. The one place where that is decided. */
sealed interface Verdict {

    /** Some record of the batch can never be applied to this view. */
    record Poison(String view, String message) implements Verdict {}

    /** Somebody who is needed can't be reached or can't cope now; the same will work later. */
    record Outage(String message) implements Verdict {}

    /** The lane, or its lake, is no longer where this instance thought: begin anew from what Postgres says. */
    record Superseded(String message) implements Verdict {}

    /** Going on would break the promise; somebody has to look. */
    record Stop(String message) implements Verdict {}

    /**
     * SQLSTATE classes that speak of the data itself: data exception, integrity constraint violation, cardinality
     * violation, program limit (a row or an index entry that is too large). Source: PostgreSQL, appendix "Error Codes".
     */
    Set<String> POISON_CLASSES = Set.of("21", "22", "23", "54");

    static Verdict of(Throwable failure) {
        return switch (failure) {
            case FencedException fenced -> new Superseded(fenced.getMessage());
            case LakeInterrupted interrupted
            when hasCause(interrupted, IOException.class) -> new Outage(interrupted.getMessage());
            case LakeInterrupted interrupted -> new Superseded(interrupted.getMessage());
            case ContractException unfit -> new Stop(unfit.getMessage());
            case ViewRefusal refusal
            when isPoison(refusal.getCause()) ->
                new Poison(refusal.view(), refusal.getCause().getMessage());
            case RegistryOutage outage -> new Outage(outage.getMessage());
            default -> new Outage(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        };
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPoison(Throwable cause) {
        return cause instanceof PgException e
                && e.getSqlState() != null
                && e.getSqlState().length() == 5
                && POISON_CLASSES.contains(e.getSqlState().substring(0, 2));
    }
}
