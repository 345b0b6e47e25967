package dev.leat.stack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows what one client sends, so that each execution is known by its SQL: a simple query brings it along, a prepared
 * statement was given it by an earlier {@code Parse}. One thread.
 */
final class PgStatements {

    private final Map<String, String> prepared = new HashMap<>();
    private final List<String> transaction = new ArrayList<>();

    /** The statement that begins with this message, if one does: with a query, or with the parameters of a prepared one. */
    Optional<PgStatement> begunBy(PgMessage message) {
        return switch (message.type()) {
            case 'P' -> {
                prepared.put(message.string(0), message.string(1));
                yield Optional.empty();
            }
            case 'B' -> Optional.of(begun(prepared.getOrDefault(message.string(1), "")));
            case 'Q' -> Optional.of(begun(message.string(0)));
            default -> Optional.empty();
        };
    }

    private PgStatement begun(String sql) {
        PgStatement statement = new PgStatement(sql, List.copyOf(transaction));
        if (endsTransaction(sql)) {
            transaction.clear();
        } else if (!PgStatement.startsWith(sql, "BEGIN") && !PgStatement.startsWith(sql, "START TRANSACTION")) {
            transaction.add(sql);
        } else {
            // What was executed before, outside of a transaction, is not of this one.
            transaction.clear();
        }
        return statement;
    }

    private static boolean endsTransaction(String sql) {
        return PgStatement.startsWith(sql, "COMMIT")
                || PgStatement.startsWith(sql, "ROLLBACK") && !PgStatement.startsWith(sql, "ROLLBACK TO");
    }
}
