package dev.leat.query.value;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a row into what Jackson writes as it is. No digit is lost: decimals are strings, JSON is inlined as Postgres
 * gave it; what JSON has no number for (NaN, Infinity) is a string.
 */
public final class ColumnJson {

    private ColumnJson() {}

    /** The columns' values by name; the row must have been selected with exactly these columns first, in order. */
    public static Map<String, Object> row(Row row, List<Column> columns) {
        Map<String, Object> values = LinkedHashMap.newLinkedHashMap(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            values.put(column.name(), json(column.type(), row.getDelegate().getValue(i)));
        }
        return values;
    }

    private static Object json(ColumnType type, Object value) {
        if (value == null) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN, INT, LONG, STRING -> value;
            case FLOAT, DOUBLE -> Double.isFinite(((Number) value).doubleValue()) ? value : value.toString();
            case BYTES -> Base64.getEncoder().encodeToString(((Buffer) value).getBytes());
            case TIMESTAMP -> ((OffsetDateTime) value).toInstant().toString();
            case TIMESTAMP_NANOS ->
                Nanos.dateTime((Long) value).toInstant(ZoneOffset.UTC).toString();
            case LOCAL_TIMESTAMP_NANOS -> Nanos.dateTime((Long) value).toString();
            case DURATION -> Durations.text((String) value);
            case DATE, TIME, LOCAL_TIMESTAMP, DECIMAL, UUID -> value.toString();
            case ARRAY ->
                Arrays.stream((Object[]) value)
                        .map(element -> json(type.element(), element))
                        .toList();
            case MAP, UNION, JSON -> new RawValue((String) value);
        };
    }
}
