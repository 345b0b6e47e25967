package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.view.statement.Tx;
import dev.leat.view.time.ClosableView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * A join of streams, which forgets events as time goes by.
 *
 * @param plan null until the view is made
 */
record ClosableJoin(View.Sql view, Supplier<Plan> plan) implements ClosableView {

    @Override
    public String name() {
        return view.name();
    }

    @Override
    public List<String> streams() {
        return view.streams();
    }

    @Override
    public Duration grace() {
        return view.grace();
    }

    @Override
    public boolean takesTurns() {
        return true;
    }

    @Override
    public boolean isUpToDateInTransaction(Tx tx) {
        return plan.get() != null;
    }

    @Override
    public void closeInTransaction(Tx tx, Instant from, Instant through) {
        ((JoinPlan) plan.get()).closeInTransaction(tx, through);
    }
}
