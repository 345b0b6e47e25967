package dev.leat.view.lane;

import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Which topic of each name the checkpoints are of, in Postgres; and how they move to another one. Blocks, for at most
 * {@code leat.view.timeout} a statement.
 */
@ApplicationScoped
public class PgTopics {

    private static final String SELECT_TOPIC =
            "SELECT topic_id, incarnation, offset_base FROM leat.topic_start WHERE topic = $1";
    private static final String LEARN = """
            UPDATE leat.topic_start SET topic_id = $2 WHERE topic = $1 AND incarnation = $3 AND topic_id IS NULL""";
    private static final String ADOPT = """
            UPDATE leat.topic_start AS t SET topic_id = $2 WHERE topic = $1 AND incarnation = $3
              AND NOT EXISTS (SELECT FROM leat.checkpoint c WHERE c.topic = $1 AND c.next_offset > t.offset_base)
              AND NOT EXISTS (SELECT FROM leat.lake_checkpoint l WHERE l.topic = $1 AND l.next_offset > t.offset_base)""";
    private static final String SAVE_TOPIC = """
            INSERT INTO leat.topic_start (topic, partitions, topic_id, incarnation, offset_base)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (topic) DO UPDATE SET partitions = excluded.partitions, topic_id = excluded.topic_id,
                incarnation = excluded.incarnation, offset_base = excluded.offset_base, decided_at = now()""";
    private static final String LOCK_LANES =
            "SELECT partition, next_offset FROM leat.checkpoint WHERE topic = $1 ORDER BY partition FOR UPDATE";
    private static final String LOCK_LAKES = """
            SELECT stream, partition, next_offset FROM leat.lake_checkpoint WHERE topic = $1
            ORDER BY stream, partition FOR UPDATE""";
    private static final String MOVE_LANES = """
            INSERT INTO leat.checkpoint AS c (topic, partition, first_offset, next_offset)
            SELECT $1, m.partition, m.next_offset, m.next_offset
            FROM unnest($2::integer[], $3::bigint[]) AS m (partition, next_offset)
            ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset,
                parked_version = c.parked_version + 1, updated_at = now()""";
    private static final String MOVE_LAKE = """
            UPDATE leat.lake_checkpoint
            SET next_offset = $4, first_offset = CASE WHEN $5 THEN $4 ELSE first_offset END,
                epoch = nextval('leat.lake_epoch'), updated_at = now()
            WHERE topic = $1 AND stream = $2 AND partition = $3""";
    // Event ids are kept for the lane that lags most. One that is gone never does.
    private static final String LEAVE_LANES =
            "UPDATE leat.checkpoint SET caught_up_at = 'infinity' WHERE topic = $1 AND partition = ANY ($2::integer[])";
    private static final String LEAVE_TIMES =
            "DELETE FROM leat.stream_time WHERE topic = $1 AND partition = ANY ($2::integer[])";
    private static final List<String> BEGIN_ANEW = List.of(
            "UPDATE leat.checkpoint SET first_offset = next_offset WHERE topic = $1 AND next_offset >= $2",
            "UPDATE leat.lake_checkpoint SET first_offset = next_offset WHERE topic = $1 AND next_offset >= $2",
            """
            UPDATE leat.dead_letter SET resolution = 'superseded', resolved_at = now()
            WHERE topic = $1 AND "offset" < $2 AND resolution IS NULL""",
            "DELETE FROM leat.parked_event WHERE topic = $1 AND \"offset\" < $2",
            "DELETE FROM leat.waiting_event WHERE topic = $1 AND \"offset\" < $2");
    private static final List<String> FORGET_GONE = List.of(
            "DELETE FROM leat.checkpoint WHERE topic = $1 AND partition = ANY ($2::integer[])",
            "DELETE FROM leat.lake_checkpoint WHERE topic = $1 AND partition = ANY ($2::integer[])");
    private static final String FORGET_TIMES = "DELETE FROM leat.stream_time WHERE topic = $1";
    private static final String REOPEN_VIEWS = "DELETE FROM leat.view_close WHERE view = ANY ($1::text[])";

    private final Pool pool;
    private final Duration timeout;

    PgTopics(Pool pool, PostgresConfig config) {
        this.pool = pool;
        this.timeout = config.timeout();
    }

    public KnownTopic find(String topic) {
        return known(execute(SELECT_TOPIC, Tuple.of(topic)));
    }

    /** Keeps the id of a topic whose id wasn't known. */
    public void learn(String topic, KnownTopic known, UUID id) {
        execute(LEARN, Tuple.of(topic, id, known.incarnation()));
    }

    /** Takes another topic for the known one, unless something was read of that. */
    public void adoptIfUnread(String topic, KnownTopic known, UUID id) {
        execute(ADOPT, Tuple.of(topic, id, known.incarnation()));
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.withConnection(c -> c.preparedQuery(sql).execute(parameters))
                .await()
                .atMost(timeout);
    }

    private static KnownTopic known(RowSet<Row> rows) {
        RowIterator<Row> row = rows.iterator();
        if (!row.hasNext()) {
            return KnownTopic.NEW;
        }
        Row known = row.next();
        return new KnownTopic(known.getUUID("topic_id"), known.getInteger("incarnation"), known.getLong("offset_base"));
    }

    /**
     * @param next position of the first event that it hasn't taken
     * @param skips whether it lacks events before that, so that its history begins there
     */
    public record LakePosition(String stream, int partition, long next, boolean skips) {}

    /** Where a topic's lanes and lakes are, which stay there until the transaction ends. */
    public record Positions(KnownTopic known, Map<Integer, Long> lanes, List<LakePosition> lakes) {}

    public static Positions lockInTransaction(Tx tx, String topic) {
        Map<Integer, Long> lanes = new TreeMap<>();
        tx.execute(LOCK_LANES, Tuple.of(topic))
                .forEach(row -> lanes.put(row.getInteger("partition"), row.getLong("next_offset")));
        List<LakePosition> lakes = new ArrayList<>();
        tx.execute(LOCK_LAKES, Tuple.of(topic))
                .forEach(row -> lakes.add(new LakePosition(
                        row.getString("stream"), row.getInteger("partition"), row.getLong("next_offset"), false)));
        return new Positions(known(tx.execute(SELECT_TOPIC, Tuple.of(topic))), lanes, lakes);
    }

    /** Moves lanes, and makes those that aren't there, and moves lakes. */
    public static void moveInTransaction(Tx tx, String topic, Map<Integer, Long> lanes, List<LakePosition> lakes) {
        tx.execute(
                MOVE_LANES,
                Tuple.of(
                        topic,
                        lanes.keySet().toArray(Integer[]::new),
                        lanes.values().toArray(Long[]::new)));
        lakes.forEach(lake ->
                tx.execute(MOVE_LAKE, Tuple.of(topic, lake.stream(), lake.partition(), lake.next(), lake.skips())));
    }

    /**
     * From now on the checkpoints are of this topic.
     *
     * @param partitions that it has
     * @param gone partitions that only earlier ones had
     */
    public static void switchInTransaction(Tx tx, String topic, KnownTopic to, int partitions, List<Integer> gone) {
        tx.execute(SAVE_TOPIC, Tuple.of(topic, partitions, to.id(), to.incarnation(), to.base()));
        Tuple left = Tuple.of(topic, gone.toArray(Integer[]::new));
        tx.execute(LEAVE_LANES, left);
        tx.execute(LEAVE_TIMES, left);
    }

    /** Forgets what was before the topic's present incarnation: its history begins where its lanes are. */
    public static void beginAnewInTransaction(
            Tx tx, String topic, KnownTopic from, List<Integer> gone, List<String> views) {
        Tuple left = Tuple.of(topic, gone.toArray(Integer[]::new));
        FORGET_GONE.forEach(statement -> tx.execute(statement, left));
        BEGIN_ANEW.forEach(statement -> tx.execute(statement, Tuple.of(topic, from.base())));
        tx.execute(FORGET_TIMES, Tuple.of(topic));
        tx.execute(REOPEN_VIEWS, Tuple.tuple().addValue(views.toArray(String[]::new)));
    }
}
