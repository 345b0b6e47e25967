package dev.leat.view.lane;

import dev.leat.postgres.PostgresConfig;
import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.DeadLetters;
import dev.leat.view.deduplication.SeenEvents;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which rows counted when their lane applied them. For events that are decoded a second time: without duplicates, and
 * without those that became dead letters before any view saw them, even if they can be decoded now. Blocks.
 */
@ApplicationScoped
public class PastRows {

    private final Pool pool;
    private final SeenEvents seen;
    private final Duration timeout;

    PastRows(Pool pool, SeenEvents seen, PostgresConfig config) {
        this.pool = pool;
        this.seen = seen;
        this.timeout = config.timeout();
    }

    /** What the lake gets: redriven letters are left out, because their redrive has fed the lake. */
    public List<Rows> forLake(String topic, int partition, List<Rows> rows) {
        return rows.stream()
                .map(r -> counted(topic, partition, r, DeadLetters.SELECT_UNDECODED))
                .toList();
    }

    /** What a view gets that catches up: with letters that were redriven since. */
    public List<Rows> forView(String topic, int partition, List<Rows> rows) {
        return rows.stream()
                .map(r -> counted(topic, partition, r, DeadLetters.SELECT_NEVER_DECODED))
                .toList();
    }

    private Rows counted(String topic, int partition, Rows rows, String undecoded) {
        if (rows.isEmpty()) {
            return rows;
        }
        Set<Long> dead = new HashSet<>();
        pool.withConnection(c -> c.preparedQuery(undecoded)
                        .execute(Tuple.of(topic, partition, rows.offset(0), rows.offset(rows.size() - 1))))
                .await()
                .atMost(timeout)
                .forEach(row -> dead.add(row.getLong(0)));
        Rows decoded = dead.isEmpty()
                ? rows
                : rows.select(IntStream.range(0, rows.size())
                        .filter(row -> !dead.contains(rows.offset(row)))
                        .toArray());
        return seen.withoutKnownDuplicates(pool, timeout, decoded);
    }
}
