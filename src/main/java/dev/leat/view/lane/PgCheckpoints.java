package dev.leat.view.lane;

import dev.leat.catalog.PgLaneViews;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.wire.Records;
import dev.leat.view.lane.apply.BatchOutcome.Fenced;
import dev.leat.view.lane.apply.BatchOutcome.ParkedKeysStale;
import dev.leat.view.lane.apply.BatchRolledBack;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The lanes' checkpoints in Postgres. Whoever changes what a lane knows holds its checkpoint's row until his transaction
 * ends, so the lane sees all of it or nothing.
 *
 * <p>All methods block, for at most {@code leat.view.timeout} a statement: call them on a virtual or worker thread.
 */
@ApplicationScoped
public class PgCheckpoints {

    private static final String CREATE_CHECKPOINT = """
            INSERT INTO leat.checkpoint (topic, partition, first_offset, next_offset) VALUES ($1, $2, $3, $3)
            ON CONFLICT (topic, partition) DO NOTHING
            """;
    // One statement, so that all partitions of a topic begin at one time, whichever instance comes first.
    private static final String BEGIN_TOPIC = """
            WITH first AS (
                INSERT INTO leat.topic_start (topic, partitions, topic_id) VALUES ($1, $2, $5)
                ON CONFLICT (topic) DO NOTHING
                RETURNING topic)
            INSERT INTO leat.checkpoint (topic, partition, first_offset, next_offset)
            SELECT first.topic, start.partition, start.next_offset, start.next_offset
            FROM first, unnest($3::integer[], $4::bigint[]) AS start (partition, next_offset)
            ON CONFLICT (topic, partition) DO NOTHING
            """;
    private static final String SAVE_CAUGHT_UP =
            "UPDATE leat.checkpoint SET caught_up_at = now() WHERE topic = $1 AND partition = $2";
    private static final String SELECT_CHECKPOINT =
            "SELECT next_offset, parked_version FROM leat.checkpoint WHERE topic = $1 AND partition = $2";
    private static final String ADVANCE_CHECKPOINT = """
            UPDATE leat.checkpoint
            SET next_offset = $4, last_timestamp = coalesce($5, last_timestamp), updated_at = now()
            WHERE topic = $1 AND partition = $2 AND next_offset = $3
            RETURNING parked_version
            """;
    private static final String LOCK_CHECKPOINT = """
            UPDATE leat.checkpoint SET parked_version = parked_version + 1
            WHERE topic = $1 AND partition = $2 RETURNING next_offset""";
    private static final String HOLD_CHECKPOINT =
            "UPDATE leat.checkpoint SET parked_version = parked_version WHERE topic = $1 AND partition = $2";
    private static final String INVALIDATE_CATCH_UPS =
            "UPDATE leat.view_lane SET version = version + 1 WHERE topic = $1 AND partition = $2";

    private final Pool pool;
    private final Duration timeout;

    PgCheckpoints(Pool pool, PostgresConfig config) {
        this.pool = pool;
        this.timeout = config.timeout();
    }

    /** Whether the lane has a checkpoint. */
    public boolean exists(String topic, int partition) {
        return find(topic, partition).isPresent();
    }

    /**
     * Creates the checkpoints of a topic that was never read, all at once. Changes nothing if it was.
     *
     * @param id Kafka's, of the topic that is read; null where it gives none
     * @param starts offset at which each partition begins that the topic has now; later ones aren't touched by this
     */
    public void begin(String topic, UUID id, Map<Integer, Long> starts) {
        Integer[] partitions = starts.keySet().toArray(Integer[]::new);
        Long[] offsets = starts.values().toArray(Long[]::new);
        execute(BEGIN_TOPIC, Tuple.of(topic, partitions.length, partitions, offsets, id));
    }

    /** The lane's checkpoint. Created at this offset when the lane is new. */
    public long open(String topic, int partition, long startIfNew) {
        execute(CREATE_CHECKPOINT, Tuple.of(topic, partition, startIfNew));
        return next(topic, partition);
    }

    /** The lane's checkpoint: the offset of the first event that the views haven't taken in yet. */
    public long next(String topic, int partition) {
        return require(topic, partition).getLong("next_offset");
    }

    /** Rises when somebody else than the lane changes its parked keys or views. */
    long parkedVersion(String topic, int partition) {
        return require(topic, partition).getLong("parked_version");
    }

    /** Saves that the lane has nothing to do, so that nothing is kept for its sake. */
    public void saveCaughtUp(String topic, int partition) {
        execute(SAVE_CAUGHT_UP, Tuple.of(topic, partition));
    }

    private Row require(String topic, int partition) {
        return find(topic, partition)
                .orElseThrow(() -> new IllegalStateException("the checkpoint of " + topic + "-" + partition
                        + " is gone from leat.checkpoint; resume the lane to begin it anew"));
    }

    private Optional<Row> find(String topic, int partition) {
        RowIterator<Row> row =
                execute(SELECT_CHECKPOINT, Tuple.of(topic, partition)).iterator();
        return row.hasNext() ? Optional.of(row.next()) : Optional.empty();
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.withConnection(c -> c.preparedQuery(sql).execute(parameters))
                .await()
                .atMost(timeout);
    }

    /**
     * Moves the checkpoint by compare-and-set. The transaction's first statement, because it locks: a fenced instance
     * blocks here before it has done anything, and then fails.
     *
     * @throws BatchRolledBack another instance has moved it, or the batch's parked keys are stale
     */
    static void advanceInTransaction(Tx tx, LaneBatch batch) {
        RowIterator<Row> moved = tx.execute(
                        ADVANCE_CHECKPOINT,
                        Tuple.of(
                                batch.topic(), batch.partition(), batch.expected(), batch.next(), lastTimestamp(batch)))
                .iterator();
        if (!moved.hasNext()) {
            throw new BatchRolledBack(new Fenced(batch.topic(), batch.partition(), batch.expected()));
        }
        if (moved.next().getLong("parked_version") != batch.parked().version()) {
            throw new BatchRolledBack(new ParkedKeysStale());
        }
    }

    private static OffsetDateTime lastTimestamp(LaneBatch batch) {
        Records records = batch.records();
        return records.isEmpty() ? null : PgTimes.nearest(Math.max(0, records.timestamp(records.size() - 1)));
    }

    /** Keeps the lane from applying anything until the transaction ends. Then the lane reads its parked keys again. */
    public static void lockInTransaction(Tx tx, String topic, int partition) {
        lock(tx, topic, partition);
        // A view that catches up has read which events counted before.
        tx.execute(INVALIDATE_CATCH_UPS, Tuple.of(topic, partition));
    }

    /** Keeps the lane from applying anything until the transaction ends. Then the lane goes on as before. */
    public static void holdInTransaction(Tx tx, String topic, int partition) {
        tx.execute(HOLD_CHECKPOINT, Tuple.of(topic, partition));
    }

    /**
     * Keeps the lane from applying anything until the transaction ends. Then the lane reads again which views it has.
     *
     * @return the lane's checkpoint
     */
    public static long standStillInTransaction(Tx tx, String topic, int partition) {
        return lock(tx, topic, partition);
    }

    private static long lock(Tx tx, String topic, int partition) {
        RowIterator<Row> locked =
                tx.execute(LOCK_CHECKPOINT, Tuple.of(topic, partition)).iterator();
        if (!locked.hasNext()) {
            throw new IllegalStateException("there is no checkpoint of " + topic + "-" + partition);
        }
        return locked.next().getLong("next_offset");
    }

    /** {@link PgLaneViews#lockLanesInTransaction} */
    public static void lockAllInTransaction(Tx tx) {
        PgLaneViews.lockLanesInTransaction(tx);
    }
}
