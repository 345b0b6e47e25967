package dev.leat.view.sql;

import dev.leat.schema.Column;
import dev.leat.schema.ColumnType;
import dev.leat.schema.Rows;
import dev.leat.view.statement.Sql;
import dev.leat.view.statement.Tx;
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

    private final Checked checked;
    private final Groups groups;
    private final GroupedWindow window;
    private final BatchRelation batch;
    private final StateTable state;

    WindowedPlan(Checked checked, GroupedWindow window, Groups groups, String table) {
        this.checked = checked;
        this.groups = groups;
        this.window = window;
        this.batch = new BatchRelation(window.stream().relation().name(), checked.used(window.stream()));
        this.state = new StateTable(
                table, new LinkedHashMap<>(checked.describe(groups.partials(checked.fromWhere()))), groups.stateKey());
        requireFree(checked, FINAL);
    }

    static void requireFree(Checked checked, Column own) {
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
    public Optional<StateTable> state() {
        return Optional.of(state);
    }

    @Override
    public Optional<String> visible() {
        return Optional.of("SELECT " + groups.selected(checked.columns()) + ", " + end() + " <= "
                + WindowBatch.closedThrough(checked.view().name()) + " AS final FROM " + state.name()
                + groups.having().map(having -> " WHERE " + having).orElse(""));
    }

    /** End of a row's window, out of the state. */
    private String end() {
        String start = Sql.quote(window.column());
        return switch (window.window()) {
            case Window.Tumbling tumbling -> tumbling.end(start);
            case Window.Hopping hopping -> hopping.end(start);
            case Window.Session ignored -> throw new IllegalStateException("sessions have a plan of their own");
        };
    }

    @Override
    public Optional<Emission> emission() {
        return checked.view()
                .toTopic()
                .map(topic -> new Emission(checked.view(), checked.columns(), groups.stateKey()));
    }

    @Override
    public Optional<Closing> closing() {
        return Optional.of(new Closing(
                window.window()::lastEnd,
                "SELECT " + groups.selected(checked.columns()) + " FROM " + state.name() + " WHERE " + end()
                        + " > $1 AND " + end() + " <= $2"
                        + groups.having().map(having -> " AND (" + having + ")").orElse("")));
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] events = Events.withoutDeletes(rows, selected);
        if (events.length > 0) {
            tx.execute(statement(rows), batch.parameters(rows, events));
        }
    }

    private String statement(Rows rows) {
        return "WITH " + new WindowBatch(checked, window, batch).with(rows) + "\n"
                + groups.merge(state, groups.partials(checked.fromWhere()));
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
        return List.of(statement(rows));
    }

    @Override
    public List<String> memory() {
        return List.of(state.name() + " keeps the groups and the parts of their aggregates: "
                + String.join(", ", state.columns().keySet()) + "; windows are never cleaned up");
    }
}
