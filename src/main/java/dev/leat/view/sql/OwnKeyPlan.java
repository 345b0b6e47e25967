package dev.leat.view.sql;

import dev.leat.pipeline.Stream;
import dev.leat.schema.Column;
import dev.leat.schema.Rows;
import dev.leat.view.statement.Sql;
import dev.leat.view.statement.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * One row for each value of columns of the result: what the SELECT makes of the newest event that has it. A delete of the
 * stream's key changes nothing here, for it doesn't say which row it means.
 */
final class OwnKeyPlan implements Plan {

    private static final String BEHIND = "(_old._partition <> excluded._partition OR _old._offset < excluded._offset)";

    private final Checked checked;
    private final FromTable from;
    private final Stream stream;
    private final BatchRelation batch;
    private final List<String> key;
    private final StateTable state;

    OwnKeyPlan(Checked checked, FromTable from, Stream stream, List<String> key, String table) {
        this.checked = checked;
        this.from = from;
        this.stream = stream;
        this.key = key;
        this.batch = new BatchRelation(stream.name(), checked.used(from));
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(checked.types());
        columns.put("_time", "timestamp with time zone");
        columns.put("_partition", "integer");
        columns.put("_offset", "bigint");
        this.state = new StateTable(table, columns, key);
    }

    @Override
    public List<Column> columns() {
        return checked.columns();
    }

    @Override
    public List<String> key() {
        return key;
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
        return "One row for each " + String.join(", ", key)
                + ": what the SELECT makes of the newest event that has it. Deletes" + " change nothing.";
    }

    @Override
    public List<String> statements(Rows rows) {
        return List.of(statement(rows));
    }

    private String statement(Rows rows) {
        String alias = Sql.quote(from.alias());
        List<String> all = List.copyOf(state.columns().keySet());
        String keys = Sql.list(key, Sql::quote);
        List<String> updated = new ArrayList<>(all);
        updated.removeAll(key);
        String order = stream.eventTime().isPresent() ? "_time DESC, _offset DESC" : "_offset DESC";
        return "WITH " + batch.with(rows) + ",\n_result AS (SELECT " + checked.items() + ", " + alias + "._time, "
                + alias
                + "._partition, " + alias + "._offset\n" + checked.fromWhere() + ")\nINSERT INTO " + state.name()
                + " AS _old (" + Sql.list(all, Sql::quote) + ")\nSELECT DISTINCT ON (" + keys + ") "
                + Sql.list(all, Sql::quote) + " FROM _result ORDER BY " + keys + ", " + order + "\nON CONFLICT (" + keys
                + ") DO UPDATE SET "
                + Sql.list(updated, c -> Sql.quote(c) + " = excluded." + Sql.quote(c)) + "\nWHERE "
                + (stream.eventTime().isPresent()
                        ? "_old._time < excluded._time OR _old._time = excluded._time AND " + BEHIND
                        : BEHIND);
    }
}
