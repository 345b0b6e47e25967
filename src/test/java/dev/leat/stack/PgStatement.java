package dev.leat.stack;

import java.util.List;
import java.util.Locale;

/**
 * A statement that a client of {@link PgProxy} executes.
 *
 * @param sql as the client wrote it, with {@code $1} for parameters
 * @param before the statements of the same transaction before this one, without the {@code BEGIN}
 */
public record PgStatement(String sql, List<String> before) {

    public boolean isCommit() {
        return startsWith("COMMIT");
    }

    /** Ignores case; of the statement's own blanks, only those at its ends. */
    public boolean startsWith(String beginning) {
        return startsWith(sql, beginning);
    }

    /** Whether an earlier statement of the same transaction starts like this. */
    public boolean follows(String beginning) {
        return before.stream().anyMatch(earlier -> startsWith(earlier, beginning));
    }

    static boolean startsWith(String sql, String beginning) {
        return sql.strip().toUpperCase(Locale.ROOT).startsWith(beginning.toUpperCase(Locale.ROOT));
    }
}
