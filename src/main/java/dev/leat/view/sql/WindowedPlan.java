package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.view.time.ClosedThrough;
import dev.leat.view.time.LateEvents;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One row a group and window, kept as {@link GroupedPlan} keeps groups, until the window is final. Later events change
 * nothing; they are saved as late.
 */
final class WindowedPlan extends WindowsPlan {

    private final Optional<LocalAggregation> localAggregation;
    private final Duration delay;

    /** @param delay how long after its end a window is final */
    WindowedPlan(ValidatedSelect validated, GroupedWindow window, Groups groups, String table, Duration delay) {
        super(finalWindows(validated, window, groups, table, delay), window, List.of(FINAL));
        this.localAggregation = LocalAggregation.of(validated, window, groups, state);
        this.delay = delay;
    }

    private static FinalWindows finalWindows(
            ValidatedSelect validated, GroupedWindow window, Groups groups, String table, Duration delay) {
        SqlStateTable state = FinalWindows.indexed(validated, groups, table(validated, groups, table), window.column());
        WindowEnd end = window.window().ending(Sql.quote(window.column())).delayed(delay);
        return new FinalWindows(
                validated,
                groups.guarded(state, validated.types()),
                state,
                end,
                "",
                DistinctValues.of(groups, window, state));
    }

    @Override
    String called() {
        return "window";
    }

    @Override
    public Optional<FinalRows> finalRows() {
        return Optional.of(finalWindows.finalRows(
                through -> window.window().lastEnd(through.minus(delay)).plus(delay)));
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] events = VisibleEvents.withoutDeletes(rows, selected);
        if (events.length == 0) {
            return;
        }
        if (!applyAggregated(tx, rows, events)) {
            BoundSelect bound = batch.bound(rows, events);
            tx.submit(mergeStatement(bound), bound.parameters().get());
            distinct.forEach(values -> values.applyInTransaction(tx, batch.onTime(rows, events)));
        }
    }

    /** Whether it could be grouped in the process; if not, nothing is done. */
    private boolean applyAggregated(Tx tx, Rows rows, int[] events) {
        if (localAggregation.filter(r -> r.isApplicable(rows)).isEmpty()) {
            return false;
        }
        LocalAggregation here = localAggregation.get();
        Instant closed = ClosedThrough.inTransaction(tx, validated.view().name());
        Optional<int[]> late = here.late(rows, events, closed);
        if (late.isEmpty()) {
            return false;
        }
        int[] onTime = VisibleEvents.without(events, late.get());
        Optional<Tuple> aggregated = here.parameters(rows, onTime);
        if (aggregated.isEmpty()) {
            return false;
        }
        LateEvents.saveInTransaction(tx, validated.view().name(), rows, late.get(), here.windowEnds(rows, late.get()));
        if (onTime.length > 0) {
            tx.submit(groups.merge(state, here.select(rows)), aggregated.get());
        }
        return true;
    }

    @Override
    public void mergeInTransaction(Tx tx, BoundSelect bound, EmitCause cause) {
        tx.submit(mergeStatement(bound), bound.parameters().get());
        distinct.forEach(values -> values.applyInTransaction(tx, bound));
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        return "WITH " + bound.with() + "\n" + groups.merge(state, groups.partials(bound.fromWhere()));
    }

    @Override
    public String kept() {
        return "One row a group and window. A batch is cut into windows and aggregated by the SELECT itself, and its partial"
                + " results are merged into the existing ones. What lies in a final window is saved as late. Deletes"
                + " change nothing.";
    }

    @Override
    public List<String> statements(Rows rows) {
        if (localAggregation.filter(r -> r.isApplicable(rows)).isPresent()) {
            return List.of(groups.merge(state, localAggregation.get().select(rows)), LateEvents.SAVE);
        }
        return withDistinct(mergeStatement(batch.bound(rows, new int[0])), batch.onTime(rows, new int[0]));
    }
}
