package dev.leat.postgres;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says who holds the locks that our transactions wait for. Asks Postgres only while one takes long. Blocks. */
@ApplicationScoped
public class LockHolders {

    // The statement of the holder may have values in it, so it isn't shown.
    private static final String SELECT_HOLDERS = """
            SELECT w.pid, extract(epoch FROM now() - w.query_start)::bigint AS seconds, l.locktype,
                format('%I.%I', n.nspname, c.relname) AS table_name, c.oid IS NOT NULL AS is_table, v.name AS view,
                h.pid AS holder, coalesce(h.usename, '?') AS usename,
                coalesce(nullif(h.application_name, ''), 'no name') AS application,
                coalesce(h.client_addr::text, 'here') AS address, coalesce(h.state, '?') AS state,
                h.xact_start::text AS since, h.query_start::text AS query_since
            FROM pg_stat_activity w
            CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS b (pid)
            JOIN pg_stat_activity h ON h.pid = b.pid
            LEFT JOIN pg_locks l ON l.pid = w.pid AND NOT l.granted
            LEFT JOIN pg_class c ON c.oid = l.relation
            LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN leat.view v
                ON replace(v.table_name, '"', '') = replace(n.nspname || '.' || c.relname, '"', '')
            WHERE w.pid = ANY ($1) AND w.wait_event_type = 'Lock' ORDER BY w.pid, h.pid""";

    private final Transactions transactions;
    private final Pool pool;
    private final PostgresConfig config;

    LockHolders(Transactions transactions, Pool pool, PostgresConfig config) {
        this.transactions = transactions;
        this.pool = pool;
        this.config = config;
    }

    /**
     * A transaction of ours that waits for somebody.
     *
     * @param thread the one that runs it
     * @param message for how long, for what, and who holds it
     */
    public record Blocked(Thread thread, String message) {}

    /** Of the transactions that have been under way for so long, those that wait for a lock. */
    public List<Blocked> of(Duration longer) {
        Map<Integer, Thread> slow = transactions.longerThan(longer);
        if (slow.isEmpty()) {
            return List.of();
        }
        Map<Integer, String> messages = new HashMap<>();
        for (Row row : pool.preparedQuery(SELECT_HOLDERS)
                .execute(Tuple.of(slow.keySet().toArray(Integer[]::new)))
                .await()
                .atMost(config.timeout())) {
            messages.putIfAbsent(row.getInteger("pid"), message(row));
        }
        List<Blocked> blocked = new ArrayList<>();
        messages.forEach((pid, message) -> blocked.add(new Blocked(slow.get(pid), message)));
        return blocked;
    }

    private static String message(Row row) {
        String what = row.getBoolean("is_table") ? "table " + row.getString("table_name") : "a row or key";
        String view = row.getString("view") == null ? "" : " (view " + row.getString("view") + ")";
        int holder = row.getInteger("holder");
        return "waits for a lock on " + what + view + ", held by pid " + holder + " (user " + row.getString("usename")
                + ", " + row.getString("application") + " from " + row.getString("address") + ", "
                + row.getString("state") + ", transaction since " + row.getString("since")
                + ", query since " + row.getString("query_since")
                + "); end that transaction, or SELECT pg_terminate_backend(" + holder + ")";
    }
}
