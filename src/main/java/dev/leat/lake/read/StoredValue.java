package dev.leat.lake.read;

import dev.leat.lake.parquet.RowRecord;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Branch;
import dev.leat.schema.types.ColumnType.Member;
import dev.leat.schema.types.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Converts a file's value to a column's: the reverse of {@link RowRecord}. The column may be wider than it was when the file
 * was written.
 */
final class StoredValue {

    private StoredValue() {}

    /** @param schema of the file's field, nullable */
    static Object of(Object value, Schema schema, ColumnType column) {
        if (value == null) {
            return null;
        }
        Schema stored = present(schema);
        return switch (column.kind()) {
            case BOOLEAN -> value;
            case INT, LONG, DATE, TIME, TIMESTAMP, LOCAL_TIMESTAMP -> ((Number) value).longValue();
            case TIMESTAMP_NANOS, LOCAL_TIMESTAMP_NANOS ->
                Math.multiplyExact(((Number) value).longValue(), isNanos(stored) ? 1L : 1000L);
            case FLOAT, DOUBLE -> ((Number) value).doubleValue();
            case STRING -> value instanceof ByteBuffer bytes ? utf8(bytes) : value.toString();
            case BYTES ->
                value instanceof ByteBuffer bytes
                        ? bytes(bytes)
                        : value.toString().getBytes(StandardCharsets.UTF_8);
            case DECIMAL -> decimal(value, stored, column);
            case UUID -> UUID.fromString(value.toString());
            case DURATION -> value.toString();
            case ARRAY -> array((List<?>) value, stored, column.element());
            case MAP -> map((Map<?, ?>) value, stored, column.element());
            case UNION -> branch((IndexedRecord) value, stored, column.members());
            case JSON -> json(value, stored);
        };
    }

    private static Schema present(Schema schema) {
        return schema.getType() == Schema.Type.UNION ? schema.getTypes().getLast() : schema;
    }

    private static boolean isNanos(Schema stored) {
        LogicalType logical = stored.getLogicalType();
        return logical instanceof LogicalTypes.TimestampNanos || logical instanceof LogicalTypes.LocalTimestampNanos;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String utf8(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }

    private static BigDecimal decimal(Object value, Schema stored, ColumnType column) {
        BigDecimal decimal = value instanceof ByteBuffer unscaled
                ? new BigDecimal(
                        new BigInteger(bytes(unscaled)), ((LogicalTypes.Decimal) stored.getLogicalType()).getScale())
                : new BigDecimal(value.toString());
        return column.hasDigits() ? decimal.setScale(column.scale()) : decimal;
    }

    private static List<Object> array(List<?> values, Schema stored, ColumnType element) {
        List<Object> elements = new ArrayList<>(values.size());
        values.forEach(v -> elements.add(of(v, stored.getElementType(), element)));
        return elements;
    }

    private static Map<Object, Object> map(Map<?, ?> values, Schema stored, ColumnType element) {
        Map<Object, Object> map = new LinkedHashMap<>();
        values.forEach((key, v) -> map.put(key.toString(), of(v, stored.getValueType(), element)));
        return map;
    }

    /** The one member that has a value; its field is named as the branch, without dots. */
    private static Branch branch(IndexedRecord struct, Schema stored, List<Member> members) {
        for (Schema.Field field : stored.getFields()) {
            Object value = struct.get(field.pos());
            if (value != null) {
                Member member = members.stream()
                        .filter(m -> m.name().replace('.', '_').equals(field.name()))
                        .findFirst()
                        .orElseThrow();
                return new Branch(member.name(), of(value, field.schema(), member.type()));
            }
        }
        return null;
    }

    /** A value that had another type when the file was written becomes the JSON that its column holds now. */
    private static String json(Object value, Schema stored) {
        if (stored.getType() == Schema.Type.STRING) {
            return value.toString();
        }
        ColumnType was = was(stored);
        return JsonValue.of(of(value, stored, was), was);
    }

    private static ColumnType was(Schema schema) {
        Schema stored = present(schema);
        LogicalType logical = stored.getLogicalType();
        return switch (stored.getType()) {
            case BOOLEAN -> ColumnType.of(ColumnType.Kind.BOOLEAN);
            case INT -> ColumnType.of(logical == null ? ColumnType.Kind.INT : ColumnType.Kind.DATE);
            case LONG ->
                ColumnType.of(
                        switch (logical) {
                            case LogicalTypes.TimestampMicros micros -> ColumnType.Kind.TIMESTAMP;
                            case LogicalTypes.TimestampNanos nanos -> ColumnType.Kind.TIMESTAMP_NANOS;
                            case LogicalTypes.LocalTimestampMicros micros -> ColumnType.Kind.LOCAL_TIMESTAMP;
                            case LogicalTypes.LocalTimestampNanos nanos -> ColumnType.Kind.LOCAL_TIMESTAMP_NANOS;
                            case LogicalTypes.TimeMicros micros -> ColumnType.Kind.TIME;
                            case null, default -> ColumnType.Kind.LONG;
                        });
            case FLOAT -> ColumnType.of(ColumnType.Kind.FLOAT);
            case DOUBLE -> ColumnType.of(ColumnType.Kind.DOUBLE);
            case BYTES ->
                logical instanceof LogicalTypes.Decimal decimal
                        ? ColumnType.decimal(decimal.getPrecision(), decimal.getScale())
                        : ColumnType.of(ColumnType.Kind.BYTES);
            case ARRAY -> ColumnType.arrayOf(was(stored.getElementType()));
            case MAP -> ColumnType.mapOf(was(stored.getValueType()));
            case RECORD ->
                ColumnType.union(stored.getFields().stream()
                        .map(field -> new Member(field.name(), was(field.schema())))
                        .toList());
            default -> ColumnType.of(ColumnType.Kind.STRING);
        };
    }
}
