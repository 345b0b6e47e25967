package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Every event makes rows of its own, which nothing changes later. Their key is the event's position (of two events, where
 * streams are joined) and, where a join with a view or a function may make several of one event, a number.
 */
final class AppendPlan extends ResultPlan {

    private static final Column ROW =
            new Column("_row", ColumnType.of(ColumnType.Kind.LONG), true, "which of the event's rows it is, from 1");

    private final List<Column> own;

    AppendPlan(ValidatedSelect validated, RowOrigin origins, String table) {
        this(validated, origins, own(validated, origins), table);
    }

    private AppendPlan(ValidatedSelect validated, RowOrigin origins, List<Column> own, String table) {
        super(validated, origins, table(validated, own, table));
        this.own = own;
    }

    private static List<Column> own(ValidatedSelect validated, RowOrigin origins) {
        List<Column> own = new ArrayList<>(origins.columns());
        if (validated.fromClause().tables() > origins.streams().size()
                || validated.multiplies().isPresent()) {
            own.add(ROW);
        }
        return own;
    }

    private static SqlStateTable table(ValidatedSelect validated, List<Column> own, String table) {
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(validated.types());
        own.forEach(c -> columns.put(c.name(), c.type().postgres()));
        return new SqlStateTable(table, columns, own.stream().map(Column::name).toList());
    }

    @Override
    public List<Column> columns() {
        return validated.columnsAnd(own);
    }

    @Override
    public String kept() {
        return "Every event makes rows of its own, which nothing changes later.";
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        String position = Sql.list(origins.columns(), Column::name);
        String number = own.contains(ROW) ? ", row_number() OVER (PARTITION BY " + position + ")" : "";
        return inserting(bound, "", "") + "SELECT " + Sql.list(validated.names(), Sql::quote) + ", " + position + number
                + "\nFROM _result";
    }
}
