package dev.leat.view.writer;

import dev.leat.postgres.SqlState;
import dev.leat.schema.emit.UnencodableValue;
import io.vertx.pgclient.PgException;
import java.time.DateTimeException;
import java.util.Optional;

/** Tells a failure that is about the data itself, and comes at each attempt, from all others. */
public final class RowRefusal {

    private RowRefusal() {}

    /** Why the data can't be stored; empty when the failure is of another kind. */
    public static Optional<String> of(Throwable failure) {
        return switch (failure) {
            case PgException e when SqlState.refusesData(e) -> Optional.of(reason(e));
            case RowRefused e -> Optional.of(e.getMessage());
            case UnencodableValue e -> Optional.of(e.getMessage());
            // What the driver can't encode for Postgres never leaves this process.
            case ArithmeticException e -> Optional.of("a number is out of Postgres's range: " + e.getMessage());
            case DateTimeException e -> Optional.of("a time is out of Postgres's range: " + e.getMessage());
            default -> Optional.empty();
        };
    }

    /** An index has no room for a long key, and says so in its own words. */
    private static String reason(PgException refused) {
        return SqlState.PROGRAM_LIMIT_EXCEEDED.isOf(refused)
                        && refused.getMessage().contains("index row")
                ? "the key is too long: an index of Postgres holds at most 2704 bytes of it; " + refused.getMessage()
                : refused.getMessage();
    }
}
