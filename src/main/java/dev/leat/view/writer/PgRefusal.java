package dev.leat.view.writer;

import dev.leat.schema.emit.UnencodableValue;
import io.vertx.pgclient.PgException;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.Set;

/** Tells a failure that speaks of the data itself, and will be the same at each try, from all others. */
public final class PgRefusal {

    /**
     * SQLSTATE classes: cardinality violation, data exception, integrity constraint violation, program limit (a row or
     * an index entry that is too large). Source: PostgreSQL, appendix "Error Codes".
     */
    private static final Set<String> CLASSES = Set.of("21", "22", "23", "54");

    private static final String UNIQUE_VIOLATION = "23505";

    /**
     * Classes that say nothing of a statement, or of how it stands just now: connection exception, invalid transaction state,
     * invalid authorization, transaction rollback, insufficient resources, object not in prerequisite state, operator
     * intervention, system error, internal error.
     */
    private static final Set<String> PASSING = Set.of("08", "25", "28", "40", "53", "55", "57", "58", "XX");

    private PgRefusal() {}

    /** Whether a row can't be inserted because there is one of its key. */
    public static boolean isDuplicate(Throwable failure) {
        return failure instanceof PgException e && UNIQUE_VIOLATION.equals(e.getSqlState());
    }

    /**
     * Whether a statement, or what goes into it, was refused, and would be again: the data, a table that isn't there, a
     * right that is missing. Its transaction surely wasn't committed.
     */
    public static boolean isOfStatement(Throwable failure) {
        return failure instanceof PgException e && e.getSqlState() != null
                ? !PASSING.contains(e.getSqlState().substring(0, 2))
                : of(failure).isPresent();
    }

    /** Why the data can't be held; empty when the failure is of another kind. */
    public static Optional<String> of(Throwable failure) {
        return switch (failure) {
            case PgException e
            when e.getSqlState() != null
                    && e.getSqlState().length() == 5
                    && CLASSES.contains(e.getSqlState().substring(0, 2)) -> Optional.of(e.getMessage());
            case RowRefused e -> Optional.of(e.getMessage());
            case UnencodableValue e -> Optional.of(e.getMessage());
            // What the driver can't put into Postgres's form never leaves this process.
            case ArithmeticException e -> Optional.of("a number is out of Postgres's range: " + e.getMessage());
            case DateTimeException e -> Optional.of("a time is out of Postgres's range: " + e.getMessage());
            default -> Optional.empty();
        };
    }
}
