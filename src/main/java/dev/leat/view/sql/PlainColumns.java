package dev.leat.view.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.sf.jsqlparser.schema.Column;

/** The columns that a SELECT passes on as they are. */
final class PlainColumns {

    private PlainColumns() {}

    /** What a stream's columns are called in the result, by their names in the stream. */
    static Map<String, String> of(ValidatedSelect validated, FromTable stream) {
        Map<String, String> plain = new LinkedHashMap<>();
        List<String> names = validated.names();
        List<SelectText.Item> items = validated.text().items();
        for (int i = 0; i < names.size(); i++) {
            if (items.get(i).tree().getExpression() instanceof Column column && isOf(column, validated, stream)) {
                plain.putIfAbsent(SelectText.unquoted(column.getColumnName()), names.get(i));
            }
        }
        return plain;
    }

    /** An unqualified name can only be one table's, or Postgres would have refused it. */
    private static boolean isOf(Column column, ValidatedSelect validated, FromTable stream) {
        String name = SelectText.unquoted(column.getColumnName());
        boolean has =
                stream.relation().columns().stream().anyMatch(c -> c.name().equals(name));
        return has
                && (column.getTable() == null
                        || column.getTable().getName() == null
                        || SelectText.unquoted(column.getTable().getName()).equals(stream.alias()));
    }
}
