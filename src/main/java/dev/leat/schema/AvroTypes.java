package dev.leat.schema;

import dev.leat.schema.ColumnType.Kind;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The Avro side of the type table: which column a schema becomes. */
final class AvroTypes {

    private AvroTypes() {}

    /** {@code T} of a union of null and T; null for every other schema. */
    static Schema optionalOf(Schema schema) {
        if (schema.getType() != Schema.Type.UNION || schema.getTypes().size() != 2) {
            return null;
        }
        List<Schema> branches = schema.getTypes();
        if (branches.get(0).getType() == Schema.Type.NULL) {
            return branches.get(1);
        }
        return branches.get(1).getType() == Schema.Type.NULL ? branches.get(0) : null;
    }

    static ColumnType columnType(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case BOOLEAN -> ColumnType.of(Kind.BOOLEAN);
            case INT ->
                logical instanceof LogicalTypes.Date
                        ? ColumnType.of(Kind.DATE)
                        : logical instanceof LogicalTypes.TimeMillis
                                ? ColumnType.of(Kind.TIME)
                                : ColumnType.of(Kind.INT);
            case LONG -> longType(logical);
            case FLOAT -> ColumnType.of(Kind.FLOAT);
            case DOUBLE -> ColumnType.of(Kind.DOUBLE);
            case STRING -> ColumnType.of(logical instanceof LogicalTypes.Uuid ? Kind.UUID : Kind.STRING);
            case ENUM -> ColumnType.of(Kind.STRING);
            case BYTES, FIXED ->
                logical instanceof LogicalTypes.Decimal decimal
                        ? ColumnType.decimal(decimal.getPrecision(), decimal.getScale())
                        : ColumnType.of(Kind.BYTES);
            case RECORD, ARRAY, MAP, UNION, NULL -> ColumnType.of(Kind.JSON);
        };
    }

    private static ColumnType longType(LogicalType logical) {
        if (logical instanceof LogicalTypes.TimestampMillis || logical instanceof LogicalTypes.TimestampMicros) {
            return ColumnType.of(Kind.TIMESTAMP);
        }
        if (logical instanceof LogicalTypes.LocalTimestampMillis
                || logical instanceof LogicalTypes.LocalTimestampMicros) {
            return ColumnType.of(Kind.LOCAL_TIMESTAMP);
        }
        return ColumnType.of(logical instanceof LogicalTypes.TimeMicros ? Kind.TIME : Kind.LONG);
    }

    /** What an encoded number is multiplied by to be in microseconds, where its column is; else 1. */
    static long microsFactor(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        return logical instanceof LogicalTypes.TimestampMillis
                        || logical instanceof LogicalTypes.LocalTimestampMillis
                        || logical instanceof LogicalTypes.TimeMillis
                ? 1000
                : 1;
    }

    /** Whether values of one type can be held by a column of the other without loss. */
    static boolean fits(ColumnType value, ColumnType column) {
        if (value.equals(column)) {
            return true;
        }
        return switch (column.kind()) {
            case LONG -> value.kind() == Kind.INT;
            case DOUBLE -> value.kind() == Kind.FLOAT;
            case DECIMAL ->
                value.kind() == Kind.DECIMAL
                        && value.scale() <= column.scale()
                        && value.precision() - value.scale() <= column.precision() - column.scale();
            default -> false;
        };
    }
}
