package dev.leat.view.rebuild;

import dev.leat.catalog.Generations;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.view.deadletter.WaitingEvents;
import dev.leat.view.sql.RightSide;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.ViewTables;
import dev.leat.view.table.ViewWriters;
import dev.leat.view.time.ClosableView;
import dev.leat.view.time.ClosedThrough;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.time.ViewClosing;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/**
 * Joins of streams that are being rebuilt keep all events and close nothing until they have caught up. Before they are
 * activated, they are closed as far as the active generation, so that readers miss no unmatched row of a left join. Closes in
 * steps, because the lanes apply their batches by then and wait for one step at most. Blocks.
 */
@ApplicationScoped
class JoinCatchUp {

    private final Transacting transactions;
    private final ViewTables tables;
    private final ViewWriters writers;
    private final ViewClosing closing;
    private final StreamTimes times;
    private final Pipeline pipeline;

    JoinCatchUp(
            Transacting transactions,
            ViewTables tables,
            ViewWriters writers,
            ViewClosing closing,
            StreamTimes times,
            Pipeline pipeline) {
        this.closing = closing;
        this.times = times;
        this.pipeline = pipeline;
        this.transactions = transactions;
        this.tables = tables;
        this.writers = writers;
    }

    /**
     * Notes how far the right side of a view with {@code wait:} has come, so that events of the past needn't wait. What
     * happened so long ago as an event may wait has waited, once the lanes of the right side have caught up. Of a topic whose
     * events were all applied before anybody needed their times, only that is known.
     *
     * @return false while nothing is known of it: of a generation all events would wait
     */
    boolean noteRightSide(View view) {
        if (!(view instanceof View.Sql sql) || sql.longestWait().isEmpty()) {
            return true;
        }
        RightSide right = RightSide.of(pipeline, sql);
        closing.close(right);
        return !Generations.isGeneration(view.name()) || transactions.run(tx -> noteCaughtUp(tx, sql, right));
    }

    private boolean noteCaughtUp(Tx tx, View.Sql view, RightSide right) {
        if (right.isUpToDateInTransaction(tx)) {
            times.completeInTransaction(tx, right.streamsIn(pipeline))
                    .ifPresent(complete -> ClosedThrough.advanceInTransaction(
                            tx, view.name(), complete.minus(view.longestWait().orElseThrow())));
        }
        return !ClosedThrough.inTransaction(tx, view.name()).equals(ClosableView.NEVER);
    }

    /** Whether events wait that readers of the active generation see already. They are released by and by. */
    boolean lacksReleasedInTransaction(Tx tx, View built) {
        return built instanceof View.Sql sql
                && sql.longestWait().isPresent()
                && !WaitingEvents.partitionsInTransaction(
                                tx,
                                new WaitingEvents.Due(
                                        built.name(),
                                        pipeline.stream(sql.streams().getFirst())
                                                .topic(),
                                        ClosedThrough.inTransaction(tx, built.name()),
                                        null))
                        .isEmpty();
    }

    void closeAsFarAs(String active, View built) {
        if (!(built instanceof View.Sql join) || join.streams().size() < 2) {
            return;
        }
        tables.require(join);
        SqlView view = writers.of(join);
        Instant through = transactions.run(tx -> ClosedThrough.inTransaction(tx, active));
        if (through.equals(ClosableView.NEVER)) {
            return;
        }
        while (transactions.run(tx -> {
            ClosedThrough.advanceInTransaction(tx, join.name(), through);
            return view.closeSomeInTransaction(tx, through);
        })) {
            // A transaction of bounded length each.
        }
    }
}
