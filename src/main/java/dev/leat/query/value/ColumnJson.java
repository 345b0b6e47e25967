package dev.leat.query.value;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.schema.types.table.TypeTable;
import io.vertx.mutiny.sqlclient.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a row into what Jackson writes as it is. No digit is lost: decimals are strings, JSON is inlined as Postgres
 * gave it; what JSON has no number for (NaN, Infinity) is a string.
 */
public final class ColumnJson {

    private ColumnJson() {}

    /** The columns' values by name; the row must have been selected as {@link PgArrays#value} says. */
    public static Map<String, Object> row(Row row, List<Column> columns) {
        Map<String, Object> values = LinkedHashMap.newLinkedHashMap(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            Object value = PgArrays.value(row.getDelegate(), columns, i);
            values.put(
                    column.name(),
                    value == null ? null : TypeTable.of(column.type()).answer(value));
        }
        return values;
    }
}
