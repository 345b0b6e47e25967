package dev.leat.view.lane;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.PgArrays;
import dev.leat.schema.wire.Records;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;

/** The checkpoint's row, which whoever changes a lane's state holds for the rest of the transaction. */
public final class Checkpoints {

    static final String CREATE_CHECKPOINT = """
            INSERT INTO leat.checkpoint (topic, partition, first_offset, next_offset) VALUES ($1, $2, $3, $3)
            ON CONFLICT (topic, partition) DO NOTHING
            """;
    // One statement, so that all partitions of a topic begin at one time, whichever instance comes first. Where lanes
    // of the topic have been read before anybody kept topic_start, all is decided already.
    static final String BEGIN_TOPIC = """
            WITH first AS (
                INSERT INTO leat.topic_start (topic, partitions) VALUES ($1, $2)
                ON CONFLICT (topic) DO NOTHING
                RETURNING topic)
            INSERT INTO leat.checkpoint (topic, partition, first_offset, next_offset)
            SELECT first.topic, start.partition, start.next_offset, start.next_offset
            FROM first, unnest($3::integer[], $4::bigint[]) AS start (partition, next_offset)
            WHERE NOT EXISTS (SELECT FROM leat.checkpoint AS c WHERE c.topic = first.topic)
            ON CONFLICT (topic, partition) DO NOTHING
            """;
    static final String SAVE_CAUGHT_UP =
            "UPDATE leat.checkpoint SET caught_up_at = now() WHERE topic = $1 AND partition = $2";
    static final String SELECT_CHECKPOINT =
            "SELECT next_offset, parked_version FROM leat.checkpoint WHERE topic = $1 AND partition = $2";
    private static final String ADVANCE_CHECKPOINT = """
            UPDATE leat.checkpoint
            SET next_offset = $4, last_timestamp = coalesce($5, last_timestamp), updated_at = now()
            WHERE topic = $1 AND partition = $2 AND next_offset = $3
            RETURNING parked_version
            """;
    private static final String LOCK_CHECKPOINT = """
            UPDATE leat.checkpoint SET parked_version = parked_version + 1
            WHERE topic = $1 AND partition = $2 RETURNING parked_version
            """;

    private static final String STAND_STILL = """
            UPDATE leat.checkpoint SET parked_version = parked_version + 1
            WHERE topic = $1 AND partition = $2 RETURNING next_offset""";
    private static final String LOCK_ALL =
            "SET LOCAL lock_timeout = '1s'; LOCK TABLE leat.checkpoint IN SHARE ROW EXCLUSIVE MODE";
    private static final String LOOK_AGAIN = "UPDATE leat.checkpoint SET parked_version = parked_version + 1";
    private static final String STIR_THOSE_BEHIND =
            "UPDATE leat.view_lane SET version = version + 1 WHERE topic = $1 AND partition = $2";

    private Checkpoints() {}

    /**
     * Moves the checkpoint by compare-and-set. First in the transaction, because it locks: a zombie of the lane waits here,
     * before it has done anything, and then is refused.
     *
     * @throws FencedException another instance has moved it
     * @throws ParkedKeysChanged the batch was made with other parked keys than there are now
     */
    static void advanceInTransaction(Tx tx, LaneBatch batch) {
        RowIterator<Row> moved = tx.execute(
                        ADVANCE_CHECKPOINT,
                        Tuple.of(
                                batch.topic(), batch.partition(), batch.expected(), batch.next(), lastTimestamp(batch)))
                .iterator();
        if (!moved.hasNext()) {
            throw new FencedException(batch.topic(), batch.partition(), batch.expected());
        }
        if (moved.next().getLong("parked_version") != batch.parked().version()) {
            throw new ParkedKeysChanged(batch.topic(), batch.partition());
        }
    }

    private static OffsetDateTime lastTimestamp(LaneBatch batch) {
        Records records = batch.records();
        return records.isEmpty() ? null : PgArrays.timestamp(Math.max(0, records.timestamp(records.size() - 1)) * 1000);
    }

    /** Keeps the lane from applying anything until the transaction ends, and makes it look at its parked keys then. */
    public static void lockInTransaction(Tx tx, String topic, int partition) {
        if (tx.execute(LOCK_CHECKPOINT, Tuple.of(topic, partition)).rowCount() == 0) {
            throw new IllegalStateException("there is no checkpoint of " + topic + "-" + partition);
        }
        // Whoever catches up has read what counted before.
        tx.execute(STIR_THOSE_BEHIND, Tuple.of(topic, partition));
    }

    /** Keeps the lane from applying anything until the transaction ends; then it looks at which views it has. */
    public static long standStillInTransaction(Tx tx, String topic, int partition) {
        return tx.execute(STAND_STILL, Tuple.of(topic, partition))
                .iterator()
                .next()
                .getLong(0);
    }

    /**
     * Lets the batches in hand end, and keeps all lanes from applying another, and new ones from being opened, until the
     * transaction ends; then they look at which views they have. Fails when that takes longer than a second, so that
     * nobody who waits behind us waits longer.
     */
    public static void lockAllInTransaction(Tx tx) {
        tx.execute(LOCK_ALL);
        tx.execute(LOOK_AGAIN);
    }
}
