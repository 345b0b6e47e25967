package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Every event makes rows of its own, which nothing changes later. Their key is the event's position (of two events, where
 * streams are joined) and, where a join with a view or a function may make several of one event, a number.
 */
final class AppendPlan implements EventPlan {

    private static final Column ROW =
            new Column("_row", ColumnType.of(ColumnType.Kind.LONG), true, "which of the event's rows it is, from 1");

    private final ValidatedSelect validated;
    private final RowOrigin origins;
    private final BatchRelation batch;
    private final SqlStateTable state;
    private final List<Column> own = new ArrayList<>();

    AppendPlan(ValidatedSelect validated, RowOrigin origins, String table) {
        this.validated = validated;
        this.origins = origins;
        this.batch = BatchRelation.of(validated, origins.streams().getFirst());
        own.addAll(origins.columns());
        if (validated.fromClause().tables() > origins.streams().size()
                || validated.multiplies().isPresent()) {
            own.add(ROW);
        }
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(validated.types());
        own.forEach(c -> columns.put(c.name(), c.type().postgres()));
        this.state = new SqlStateTable(table, columns, key());
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(validated.columns());
        columns.addAll(own);
        return columns;
    }

    @Override
    public List<String> key() {
        return own.stream().map(Column::name).toList();
    }

    @Override
    public Optional<SqlStateTable> state() {
        return Optional.of(state);
    }

    @Override
    public Optional<String> visible() {
        return Optional.of("SELECT " + ValidatedSelect.cast(columns()) + " FROM " + state.name());
    }

    @Override
    public BoundSelect bound(Rows rows, int[] events) {
        return batch.bound(origins.streams().getFirst(), rows, events, validated.fromWhere());
    }

    @Override
    public String kept() {
        return "Every event makes rows of its own, which nothing changes later.";
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        String position = Sql.list(origins.columns(), Column::name);
        String number = own.contains(ROW) ? ", row_number() OVER (PARTITION BY " + position + ")" : "";
        return "WITH " + bound.with() + ",\n_result AS (SELECT " + validated.items() + ", " + origins.named() + "\n"
                + bound.fromWhere() + ")\nINSERT INTO " + state.name() + " ("
                + Sql.list(List.copyOf(state.columns().keySet()), Sql::quote) + ")\nSELECT "
                + Sql.list(validated.names(), Sql::quote) + ", " + position + number + "\nFROM _result";
    }
}
