package dev.leat.view.lane;

import dev.leat.postgres.PostgresConfig;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Up to where topics are read before others, when those are read for the first time. It is decided once, so that neither a
 * restart nor another instance waits for more. Blocks, for at most {@code leat.view.timeout} a statement.
 */
@ApplicationScoped
public class PgReadFirst {

    private static final String SELECT_DECIDED = "SELECT 1 FROM leat.read_first WHERE topic = $1 AND first = $2";

    // A topic that has been read already waits for nothing: its first events are past.
    private static final String DECIDE = """
            INSERT INTO leat.read_first (topic, first, partitions, ends, reached_at)
            SELECT $1, $2, $3,
                ARRAY(SELECT u.at + coalesce((SELECT offset_base FROM leat.topic_start WHERE topic = $2), 0)
                    FROM unnest($4::bigint[]) WITH ORDINALITY AS u(at, n) ORDER BY u.n),
                CASE WHEN EXISTS (SELECT FROM leat.checkpoint WHERE topic = $1) THEN now() END
            ON CONFLICT DO NOTHING
            """;
    private static final String SELECT_LAGGING = """
            SELECT r.first, u.partition, coalesce(c.next_offset, 0) AS next_offset, u.end_offset
            FROM leat.read_first AS r
            CROSS JOIN LATERAL unnest(r.partitions, r.ends) AS u(partition, end_offset)
            LEFT JOIN leat.checkpoint AS c ON c.topic = r.first AND c.partition = u.partition
            WHERE r.topic = $1 AND r.first = ANY ($2) AND r.reached_at IS NULL
                AND coalesce(c.next_offset, 0) < u.end_offset
            ORDER BY r.first, u.partition
            """;
    private static final String SAVE_REACHED =
            "UPDATE leat.read_first SET reached_at = now() WHERE topic = $1 AND first = ANY ($2) AND reached_at IS NULL";

    private final Pool pool;
    private final Duration timeout;

    PgReadFirst(Pool pool, PostgresConfig config) {
        this.pool = pool;
        this.timeout = config.timeout();
    }

    /** A lane of a topic that is read first, and what it has to reach. */
    public record Lagging(String topic, int partition, long next, long end) {

        @Override
        public String toString() {
            return topic + "-" + partition + ", which is at " + next + " of " + end;
        }
    }

    public boolean isDecided(String topic, String first) {
        return execute(SELECT_DECIDED, Tuple.of(topic, first)).rowCount() > 0;
    }

    /**
     * Saves how far a topic is read first, unless that is decided.
     *
     * @param ends Kafka's offset at which each partition of it ends now
     */
    public void decide(String topic, String first, Map<Integer, Long> ends) {
        execute(
                DECIDE,
                Tuple.of(
                        topic,
                        first,
                        ends.keySet().toArray(Integer[]::new),
                        ends.values().toArray(Long[]::new)));
    }

    /** Those that haven't been read so far. Once there is none, nobody waits for them again. */
    public List<Lagging> lagging(String topic, List<String> firsts) {
        String[] names = firsts.toArray(String[]::new);
        List<Lagging> lagging = new ArrayList<>();
        for (Row row : execute(SELECT_LAGGING, Tuple.of(topic, names))) {
            lagging.add(new Lagging(
                    row.getString("first"),
                    row.getInteger("partition"),
                    row.getLong("next_offset"),
                    row.getLong("end_offset")));
        }
        if (lagging.isEmpty()) {
            execute(SAVE_REACHED, Tuple.of(topic, names));
        }
        return lagging;
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.withConnection(c -> c.preparedQuery(sql).execute(parameters))
                .await()
                .atMost(timeout);
    }
}
