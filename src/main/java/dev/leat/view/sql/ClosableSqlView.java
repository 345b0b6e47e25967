package dev.leat.view.sql;

import dev.leat.postgres.Tx;
import dev.leat.view.time.ClosableView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A view in SQL as one that closes. */
final class ClosableSqlView implements ClosableView {

    private final ActivePlan plan;
    private final boolean isJoin;
    private final boolean appliesExclusively;

    private ClosableSqlView(ActivePlan plan, boolean isJoin, boolean appliesExclusively) {
        this.plan = plan;
        this.isJoin = isJoin;
        this.appliesExclusively = appliesExclusively;
    }

    /** A join of streams, which forgets events as time goes by. */
    static ClosableSqlView join(ActivePlan plan) {
        return new ClosableSqlView(plan, true, true);
    }

    /** One with windows, whose rows become final. Its text tells that they do; only its plan tells when. */
    static ClosableSqlView windows(ActivePlan plan, boolean appliesExclusively) {
        return new ClosableSqlView(plan, false, appliesExclusively);
    }

    @Override
    public String name() {
        return plan.view().name();
    }

    @Override
    public List<String> streams() {
        return plan.view().streams();
    }

    @Override
    public Duration grace() {
        return plan.view().grace();
    }

    @Override
    public boolean appliesExclusively() {
        return appliesExclusively;
    }

    @Override
    public Instant lastEnd(Instant through) {
        return isJoin
                ? through
                : plan.ifActive()
                        .flatMap(Plan::finalRows)
                        .map(rows -> rows.lastEnd().apply(through))
                        .orElse(NEVER);
    }

    @Override
    public boolean isUpToDateInTransaction(Tx tx) {
        return plan.isUpToDateInTransaction(tx);
    }

    /** Readers see by {@code closed_through} what is final; a topic gets it now. */
    @Override
    public void closeInTransaction(Tx tx, Instant from, Instant through) {
        while (plan.closeSomeInTransaction(tx, through)) {
            // Until a join has nothing left to forget.
        }
        plan.closeInTransaction(tx, from, through);
    }
}
