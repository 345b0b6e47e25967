package dev.leat.view.sql;

import dev.leat.schema.Column;
import dev.leat.schema.ColumnType;
import dev.leat.schema.Rows;
import dev.leat.view.statement.Sql;
import dev.leat.view.statement.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Every event makes rows of its own, which nothing changes later. Their key is the event's position and, where a join may
 * make several of one event, a number.
 */
final class AppendPlan implements Plan {

    private static final Column ROW =
            new Column("_row", ColumnType.of(ColumnType.Kind.LONG), true, "which of the event's rows it is, from 1");

    private final Checked checked;
    private final FromTable stream;
    private final BatchRelation batch;
    private final StateTable state;
    private final List<Column> own = new ArrayList<>(List.of(BatchRelation.PARTITION, BatchRelation.OFFSET));

    AppendPlan(Checked checked, FromTable stream, String table) {
        this.checked = checked;
        this.stream = stream;
        this.batch = new BatchRelation(stream.relation().name(), checked.used(stream));
        if (checked.sources().joins()) {
            own.add(ROW);
        }
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(checked.types());
        own.forEach(c -> columns.put(c.name(), c.type().postgres()));
        this.state = new StateTable(table, columns, key());
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(checked.columns());
        columns.addAll(own);
        return columns;
    }

    @Override
    public List<String> key() {
        return own.stream().map(Column::name).toList();
    }

    @Override
    public Optional<StateTable> state() {
        return Optional.of(state);
    }

    @Override
    public Optional<String> visible() {
        return Optional.of("SELECT " + Checked.cast(columns()) + " FROM " + state.name());
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] events = Events.withoutDeletes(rows, selected);
        if (events.length > 0) {
            tx.execute(statement(rows), batch.parameters(rows, events));
        }
    }

    @Override
    public String kept() {
        return "Every event makes rows of its own, which nothing changes later.";
    }

    @Override
    public List<String> statements(Rows rows) {
        return List.of(statement(rows));
    }

    private String statement(Rows rows) {
        String alias = Sql.quote(stream.alias());
        String number = ", row_number() OVER (PARTITION BY " + alias + "._offset)";
        return "WITH " + batch.with(rows) + "\nINSERT INTO " + state.name() + " ("
                + Sql.list(List.copyOf(state.columns().keySet()), Sql::quote) + ")\nSELECT " + checked.items() + ", "
                + alias
                + "._partition, " + alias + "._offset" + (own.contains(ROW) ? number : "") + "\n" + checked.fromWhere();
    }
}
