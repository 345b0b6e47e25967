package dev.leat.view.lane;

import dev.leat.failure.Unavailable;
import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.schema.types.Rows;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.lane.apply.BatchRolledBack;
import dev.leat.view.lane.apply.IsolatingApplier;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.lane.apply.LiveViews;
import dev.leat.view.lane.apply.OptimisticApplier;
import dev.leat.view.lane.apply.ViewApplier;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Applies batches to views. A batch changes every view of its streams, the dead letters and the lane's checkpoint in one
 * transaction; whatever fails, nothing of it is left.
 *
 * <p>Blocks, for at most {@code leat.view.timeout} a statement: call it on a virtual or worker thread.
 */
@ApplicationScoped
public class BatchApplier {

    private final Pipeline pipeline;
    private final ViewTables tables;
    private final LaneWriters writers;
    private final SeenEvents seen;
    private final StreamTimes times;
    private final Transacting transactions;

    BatchApplier(
            Pipeline pipeline,
            ViewTables tables,
            LaneWriters writers,
            SeenEvents seen,
            StreamTimes times,
            Transacting transactions) {
        this.pipeline = pipeline;
        this.tables = tables;
        this.writers = writers;
        this.seen = seen;
        this.times = times;
        this.transactions = transactions;
    }

    /**
     * Applies a batch, whole or not at all. What a view can't take becomes a dead letter with it. The first attempt is
     * optimistic: pipelined, without savepoints. Where Postgres refuses that, and during the cool-down after a refusal,
     * the batch is applied view by view after savepoints.
     *
     * <p>When this throws, it isn't known whether the transaction was committed: ask {@link PgCheckpoints#next} before
     * trying again.
     */
    public BatchOutcome apply(LaneBatch batch) {
        LocalDate today = ensureTables(batch.decoded().rows());
        tables.require(batch.parked().views());
        LiveViews live = writers.live(batch.parked().views(), batch.topic());
        Optional<BatchOutcome> optimistic =
                live.areCoolingDown() ? Optional.empty() : applyOptimistically(batch, live, today);
        return optimistic.orElseGet(() -> transact(batch, live, today, IsolatingApplier::ofLane));
    }

    /** The same view by view at once, so that a failure that isn't the data's names its view. */
    public BatchOutcome applyIsolated(LaneBatch batch) {
        LocalDate today = ensureTables(batch.decoded().rows());
        tables.require(batch.parked().views());
        return transact(batch, writers.live(batch.parked().views(), batch.topic()), today, IsolatingApplier::ofLane);
    }

    /**
     * Empty when a view or Postgres has refused it. Where that came after the commit, by a fault of ours, the next attempt is
     * fenced.
     */
    private Optional<BatchOutcome> applyOptimistically(LaneBatch batch, LiveViews live, LocalDate today) {
        try {
            return Optional.of(transact(batch, live, today, OptimisticApplier::new));
        } catch (RuntimeException | StackOverflowError e) {
            if (Unavailable.is(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private BatchOutcome transact(LaneBatch batch, LiveViews live, LocalDate today, ViewApplier.Kind kind) {
        try {
            return transactions
                    .run(tx -> new BatchTransaction(tx, batch, live, kind, seen, times, pipeline).run(today))
                    .get();
        } catch (BatchRolledBack e) {
            return e.outcome();
        }
    }

    /** Outside of the batch's transaction, because other lanes would wait for its end. */
    private LocalDate ensureTables(List<Rows> decoded) {
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
}
