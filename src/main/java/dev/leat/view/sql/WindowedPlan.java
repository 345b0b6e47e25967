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

    private final ValidatedSelect validated;
    private final Groups groups;
    private final GroupedWindow window;
    private final WindowBatch batch;
    private final SqlStateTable state;
    private final List<DistinctValues> distinct;
    private final Optional<LocalAggregation> localAggregation;
    private final FinalWindows finalWindows;
    private final Duration delay;

    /** @param delay how long after its end a window is final */
    WindowedPlan(ValidatedSelect validated, GroupedWindow window, Groups groups, String table, Duration delay) {
        this.validated = validated;
        this.groups = groups;
        this.window = window;
        this.delay = delay;
        this.batch = new WindowBatch(
                validated,
                window,
                new BatchRelation(window.stream().relation().name(), validated.used(window.stream())));
        SqlStateTable plain = new SqlStateTable(
                table,
                new LinkedHashMap<>(validated.describe(groups.partials(validated.fromWhere()))),
                groups.stateKey());
        this.state = FinalWindows.areSought(validated, groups, plain) ? plain.indexed(window.column()) : plain;
        this.distinct = DistinctValues.of(groups, window, state);
        this.localAggregation = LocalAggregation.of(validated, window, groups, state);
        this.finalWindows = new FinalWindows(
                validated,
                groups,
                state,
                window.window().ending(Sql.quote(window.column())).delayed(delay),
                "",
                distinct);
        requireFree(validated, FINAL);
    }

    static void requireFree(ValidatedSelect validated, Column own) {
        if (validated.names().contains(own.name())) {
            throw validated
                    .text()
                    .source()
                    .complaint(
                            "a view with windows has a column `" + own.name() + "` of its own; call yours otherwise");
        }
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(validated.columns());
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
        return Optional.of(finalWindows.visible());
    }

    @Override
    public Optional<EmittedRows> emission() {
        return finalWindows.emission();
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
    public List<String> mergeStatements(BoundSelect bound) {
        List<String> statements = new ArrayList<>(List.of(mergeStatement(bound)));
        distinct.forEach(values -> statements.add(values.statement(bound)));
        return statements;
    }

    @Override
    public String kept() {
        return "One row a group and window. A batch is cut into windows and aggregated by the SELECT itself, and its partial"
                + " results are merged into the existing ones. What lies in a final window is saved as late. Deletes"
                + " change nothing.";
    }

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = groups.description();
        rules.put(FINAL.name(), "whether the view is closed through the window's end");
        return rules;
    }

    @Override
    public List<String> statements(Rows rows) {
        if (localAggregation.filter(r -> r.isApplicable(rows)).isPresent()) {
            return List.of(groups.merge(state, localAggregation.get().select(rows)), LateEvents.SAVE);
        }
        List<String> statements = new ArrayList<>(List.of(mergeStatement(batch.bound(rows, new int[0]))));
        distinct.forEach(values -> statements.add(values.statement(batch.onTime(rows, new int[0]))));
        return statements;
    }

    @Override
    public List<String> retainedState() {
        return finalWindows.retainedState("windows");
    }
}
