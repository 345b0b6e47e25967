package dev.leat.view.lane;

import dev.leat.catalog.PgLaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Transacting;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.DeadLetters;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.writer.RowRefusal;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Applies batches to views. A batch changes every view of its streams, the dead letters and the lane's checkpoint in
 * one transaction; whatever fails, nothing of it is left.
 *
 * <p>All methods block, for at most {@code leat.view.timeout} a statement: call them on a virtual or worker thread.
 */
@ApplicationScoped
public class BatchApplier {

    private final Pool pool;
    private final KnownColumns known;
    private final ViewTables tables;
    private final Duration timeout;
    private final Pipeline pipeline;
    private final SeenEvents seen;
    private final StreamTimes times;
    private final LaneWriters writers;
    private final Transacting transactions;

    BatchApplier(
            Pool pool,
            Pipeline pipeline,
            KnownColumns known,
            ViewTables tables,
            LaneWriters writers,
            SeenEvents seen,
            StreamTimes times,
            Transacting transactions,
            PostgresConfig config) {
        this.pool = pool;
        this.pipeline = pipeline;
        this.known = known;
        this.tables = tables;
        this.writers = writers;
        this.seen = seen;
        this.times = times;
        this.transactions = transactions;
        this.timeout = config.timeout();
    }

    /** Whether the lane has a checkpoint. */
    public boolean isOpen(String topic, int partition) {
        return await(pool.withConnection(c ->
                                c.preparedQuery(Checkpoints.SELECT_CHECKPOINT).execute(Tuple.of(topic, partition))))
                        .size()
                > 0;
    }

    /**
     * Makes the checkpoints of a topic that was never read, all at once; changes nothing if it was.
     *
     * @param starts offset at which each partition begins that the topic has now; later ones aren't touched by this
     */
    public void begin(String topic, Map<Integer, Long> starts) {
        Integer[] partitions = starts.keySet().toArray(Integer[]::new);
        Long[] offsets = starts.values().toArray(Long[]::new);
        await(pool.withConnection(c -> c.preparedQuery(Checkpoints.BEGIN_TOPIC)
                .execute(Tuple.of(topic, partitions.length, partitions, offsets))));
    }

    /** Remembers that the lane has nothing to do, so that nothing is kept for its sake. */
    public void caughtUp(String topic, int partition) {
        await(pool.withConnection(
                c -> c.preparedQuery(Checkpoints.SAVE_CAUGHT_UP).execute(Tuple.of(topic, partition))));
    }

    /** The lane's checkpoint; made, at this offset, when the lane is new. */
    public long open(String topic, int partition, long startIfNew) {
        await(pool.withConnection(
                c -> c.preparedQuery(Checkpoints.CREATE_CHECKPOINT).execute(Tuple.of(topic, partition, startIfNew))));
        return checkpoint(topic, partition);
    }

    /** The columns that the views of the stream have by now, whichever instance has made them. */
    public List<Column> columns(Stream stream) {
        return known.of(stream.name());
    }

    public long checkpoint(String topic, int partition) {
        return checkpointRow(topic, partition).getLong("next_offset");
    }

    private Row checkpointRow(String topic, int partition) {
        RowIterator<Row> row = await(pool.withConnection(
                        c -> c.preparedQuery(Checkpoints.SELECT_CHECKPOINT).execute(Tuple.of(topic, partition))))
                .iterator();
        if (!row.hasNext()) {
            throw new IllegalStateException("the checkpoint of " + topic + "-" + partition
                    + " is gone from leat.checkpoint; restart this instance to begin the lane anew");
        }
        return row.next();
    }

    /** The lane's parked keys as they are now. */
    public ParkedKeys parkedKeys(String topic, int partition) {
        // The version first: keys that are newer than it only make the next batch ask again.
        pipeline.streamsOf(topic).forEach(tables::invalidate);
        long version = checkpointRow(topic, partition).getLong("parked_version");
        return transactions.run(tx -> ParkedEvents.keysInTransaction(tx, topic, partition, version)
                .with(PgLaneViews.ofLane(tx, pipeline, topic, partition)));
    }

    /**
     * Applies a batch, whole or not at all; what no view, or not every view, can take becomes a dead letter with it. It goes
     * to Postgres in one breath, trusting that the views can hold it all; only where Postgres refuses it, and for some time
     * behind that, each view is waited for behind a savepoint, and what it can't hold is sought. When
     * it throws anything else than the exceptions below, it isn't known whether the transaction was committed: ask
     * {@link #checkpoint} before trying again.
     *
     * @throws FencedException another instance has moved the checkpoint
     * @throws ParkedKeysChanged the batch was made with parked keys that aren't up to date
     * @throws PoisonInFront an event can't be applied, and its stream says that the lane shall stop
     */
    public Applied apply(LaneBatch batch) {
        LocalDate today = ensure(batch.decoded().rows());
        tables.require(batch.parked().views());
        LiveViews live = writers.live(batch.parked().views(), batch.topic());
        if (live.areTrusted()) {
            try {
                return apply(batch, live, today, true);
            } catch (RuntimeException e) {
                if (!RowRefusal.isOfStatement(e)) {
                    throw e;
                }
            }
        }
        return apply(batch, live, today, false);
    }

    private Applied apply(LaneBatch batch, LiveViews live, LocalDate today, boolean trusts) {
        return transactions
                .run(tx -> new BatchTransaction(tx, batch, pipeline, live, seen, times, today, trusts).run())
                .get();
    }

    /**
     * What the lake gets of events that were applied before: without repeats, and without those that became dead letters
     * before any view saw them, even if they could be decoded now.
     */
    public List<Rows> counted(String topic, int partition, List<Rows> rows) {
        return rows.stream()
                .map(r -> counted(topic, partition, r, DeadLetters.SELECT_UNDECODED))
                .toList();
    }

    private Rows counted(String topic, int partition, Rows rows, String undecoded) {
        if (rows.isEmpty()) {
            return rows;
        }
        Set<Long> dead = new HashSet<>();
        await(pool.withConnection(c -> c.preparedQuery(undecoded)
                        .execute(Tuple.of(topic, partition, rows.offset(0), rows.offset(rows.size() - 1)))))
                .forEach(row -> dead.add(row.getLong(0)));
        Rows decoded = dead.isEmpty()
                ? rows
                : rows.select(IntStream.range(0, rows.size())
                        .filter(row -> !dead.contains(rows.offset(row)))
                        .toArray());
        return seen.withoutKnownRepeats(pool, timeout, decoded);
    }

    /**
     * What a view gets of events that lanes have passed: as {@link #counted}, and with those that were dead letters and
     * have become rows since.
     */
    public List<Rows> replayed(String topic, int partition, List<Rows> rows) {
        return rows.stream()
                .map(r -> counted(topic, partition, r, DeadLetters.SELECT_NEVER_DECODED))
                .toList();
    }

    /** Tables and partitions, which can't be made within the batch's transaction: other lanes would wait for its end. */
    private LocalDate ensure(List<Rows> decoded) {
        // A batch that begins before midnight ends in the same partition.
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (Rows rows : decoded) {
            if (!rows.isEmpty()) {
                tables.ensure(rows.stream(), rows.shape());
                seen.ensure(rows.stream(), today);
            }
        }
        return today;
    }

    private <T> T await(Uni<T> uni) {
        return uni.await().atMost(timeout);
    }
}
