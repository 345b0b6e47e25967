package dev.leat.catalog;

import dev.leat.failure.UnavailableException;
import dev.leat.pipeline.View;
import dev.leat.postgres.DependentViews;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Sql;
import dev.leat.postgres.SqlState;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Optional;

/**
 * Somebody's open transactions, for which the DDL of a view waits. It waits for a second at a time, so that nobody else waits
 * longer for it, and says for whom. Blocks.
 */
public final class TableUsers {

    // The oldest transaction is what others wait for, and rather somebody else's than one of ours. What it executes may
    // have values in it, so it isn't shown.
    private static final String SELECT = """
            SELECT format('%I.%I', n.nspname, c.relname) AS table_name, h.pid, coalesce(h.usename, '?') AS usename,
                coalesce(nullif(h.application_name, ''), 'no name') AS application,
                coalesce(h.client_addr::text, 'here') AS address, coalesce(h.state, '?') AS state,
                h.xact_start::text AS since, h.query_start::text AS query_since
            FROM pg_locks AS l
            JOIN pg_class AS c ON c.oid = l.relation AND c.relkind IN ('r', 'v', 'm', 'p')
            JOIN pg_namespace AS n ON n.oid = c.relnamespace
            JOIN pg_stat_activity AS h ON h.pid = l.pid AND h.datname = current_database()
            WHERE l.granted AND h.pid <> pg_backend_pid() AND n.nspname <> 'pg_catalog'
                AND (c.oid = (SELECT to_regclass(nullif(v.table_name, '')) FROM leat.view AS v WHERE v.name = $1)
                    OR c.relname = $1 OR starts_with(c.relname, $1 || '__') OR c.relname = 'history_' || $1)
            ORDER BY h.application_name = current_setting('application_name'), h.xact_start, c.relname = $1 DESC, n.nspname LIMIT 1""";

    private final PostgresConfig config;
    private final Transacting transactions;

    public TableUsers(PostgresConfig config, Transacting transactions) {
        this.config = config;
        this.transactions = transactions;
    }

    /** Before lanes stand still, or others' DDL, for what needs the view for itself. */
    public void await(View.Sql view) {
        try {
            transactions.run(tx -> {
                ColumnDdl.lock(tx, view.name());
                return DependentViews.lock(tx, Sql.quote(config.schema()) + "." + Sql.quote(view.name()));
            });
        } catch (RuntimeException e) {
            throw named(view.name(), e);
        }
    }

    /** The failure; where it is a lock on the view's tables that somebody has, with who that is. */
    public RuntimeException named(String view, RuntimeException failure) {
        return SqlState.LOCK_NOT_AVAILABLE.isOf(failure)
                ? transactions
                        .run(tx -> of(tx, view))
                        .<RuntimeException>map(who -> new UnavailableException(
                                "view " + view + " can't get new columns yet: " + who, failure))
                        .orElse(failure)
                : failure;
    }

    /** Empty when nobody is there any more. */
    private static Optional<String> of(Tx tx, String view) {
        for (Row row : tx.execute(SELECT, Tuple.of(view))) {
            int pid = row.getInteger("pid");
            return Optional.of("table " + row.getString("table_name") + " is read or changed by pid " + pid + " (user "
                    + row.getString("usename") + ", " + row.getString("application") + " from "
                    + row.getString("address") + ", " + row.getString("state") + ", transaction since "
                    + row.getString("since") + ", query since " + row.getString("query_since")
                    + "); end that transaction, or SELECT pg_terminate_backend(" + pid + ")");
        }
        return Optional.empty();
    }
}
