package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.view.time.ClosedThrough;
import dev.leat.view.time.LateEvents;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row a group and window, kept as {@link GroupedPlan} keeps groups, until the window is final. Later events change
 * nothing; they are saved as late.
 */
final class WindowedPlan implements Plan {

    static final Column FINAL = new Column(
            "final", ColumnType.of(ColumnType.Kind.BOOLEAN), true, "Whether nothing can change the row any more");

    private final ValidatedSelect checked;
    private final Groups groups;
    private final GroupedWindow window;
    private final WindowBatch batch;
    private final SqlStateTable state;
    private final List<DistinctValues> distinct;
    private final Optional<LocalAggregation> reduction;
    private final FinalWindows last;
    private final Duration delay;

    /** @param delay how long behind its end a window is final */
    WindowedPlan(ValidatedSelect checked, GroupedWindow window, Groups groups, String table, Duration delay) {
        this.checked = checked;
        this.groups = groups;
        this.window = window;
        this.delay = delay;
        this.batch = new WindowBatch(
                checked, window, new BatchRelation(window.stream().relation().name(), checked.used(window.stream())));
        SqlStateTable plain = new SqlStateTable(
                table, new LinkedHashMap<>(checked.describe(groups.partials(checked.fromWhere()))), groups.stateKey());
        this.state = FinalWindows.areSought(checked, groups, plain) ? plain.indexed(window.column()) : plain;
        this.distinct = DistinctValues.of(groups, window, state);
        this.reduction = LocalAggregation.of(checked, window, groups, state);
        this.last = new FinalWindows(
                checked,
                groups,
                state,
                window.window().ending(Sql.quote(window.column())).delayed(delay),
                "",
                distinct);
        requireFree(checked, FINAL);
    }

    static void requireFree(ValidatedSelect checked, Column own) {
        if (checked.names().contains(own.name())) {
            throw checked.text()
                    .source()
                    .complaint(
                            "a view with windows has a column `" + own.name() + "` of its own; call yours otherwise");
        }
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(checked.columns());
        columns.add(FINAL);
        return columns;
    }

    @Override
    public List<String> key() {
        return groups.stateKey();
    }

    @Override
    public boolean sharesRows() {
        return true;
    }

    @Override
    public Optional<SqlStateTable> state() {
        return Optional.of(state);
    }

    @Override
    public List<SqlStateTable> companions() {
        return distinct.stream().map(DistinctValues::seen).toList();
    }

    @Override
    public Optional<String> visible() {
        return Optional.of(last.visible());
    }

    @Override
    public Optional<EmittedRows> emission() {
        return last.emission();
    }

    @Override
    public Optional<FinalRows> closing() {
        return Optional.of(last.closing(
                through -> window.window().lastEnd(through.minus(delay)).plus(delay)));
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] events = VisibleEvents.withoutDeletes(rows, selected);
        if (events.length == 0) {
            return;
        }
        if (!applyReduced(tx, rows, events)) {
            BoundSelect bound = batch.bound(rows, events);
            tx.submit(merging(bound), bound.parameters().get());
            distinct.forEach(values -> values.applyInTransaction(tx, batch.onTime(rows, events)));
        }
    }

    /** Whether it could be grouped in the process; if not, nothing is done. */
    private boolean applyReduced(Tx tx, Rows rows, int[] events) {
        if (reduction.filter(r -> r.isApplicable(rows)).isEmpty()) {
            return false;
        }
        LocalAggregation here = reduction.get();
        Instant closed = ClosedThrough.inTransaction(tx, checked.view().name());
        Optional<int[]> late = here.late(rows, events, closed);
        if (late.isEmpty()) {
            return false;
        }
        int[] onTime = VisibleEvents.without(events, late.get());
        Optional<Tuple> reduced = here.parameters(rows, onTime);
        if (reduced.isEmpty()) {
            return false;
        }
        LateEvents.saveInTransaction(tx, checked.view().name(), rows, late.get(), here.windowEnds(rows, late.get()));
        if (onTime.length > 0) {
            tx.submit(groups.merge(state, here.select(rows)), reduced.get());
        }
        return true;
    }

    @Override
    public void mergeInTransaction(Tx tx, BoundSelect bound, EmitCause cause) {
        tx.submit(merging(bound), bound.parameters().get());
        distinct.forEach(values -> values.applyInTransaction(tx, bound));
    }

    @Override
    public String merging(BoundSelect bound) {
        return "WITH " + bound.with() + "\n" + groups.merge(state, groups.partials(bound.fromWhere()));
    }

    @Override
    public List<String> mergingAll(BoundSelect bound) {
        List<String> statements = new ArrayList<>(List.of(merging(bound)));
        distinct.forEach(values -> statements.add(values.statement(bound)));
        return statements;
    }

    @Override
    public String kept() {
        return "One row a group and window. A batch is cut into windows and aggregated by the SELECT itself, and its partial"
                + " results are merged into those that stand there. What lies in a final window is saved as late. Deletes"
                + " change nothing.";
    }

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = groups.words();
        rules.put(FINAL.name(), "whether the view is closed through the window's end");
        return rules;
    }

    @Override
    public List<String> statements(Rows rows) {
        if (reduction.filter(r -> r.isApplicable(rows)).isPresent()) {
            return List.of(groups.merge(state, reduction.get().select(rows)), LateEvents.SAVE);
        }
        List<String> statements = new ArrayList<>(List.of(merging(batch.bound(rows, new int[0]))));
        distinct.forEach(values -> statements.add(values.statement(batch.onTime(rows, new int[0]))));
        return statements;
    }

    @Override
    public List<String> memory() {
        return last.memory("windows");
    }
}
