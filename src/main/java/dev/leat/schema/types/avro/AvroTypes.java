package dev.leat.schema.types.avro;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.ColumnType.Member;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The Avro side of the type table: which column a schema becomes. */
public final class AvroTypes {

    private static final String LOGICAL_TYPE = "logicalType";

    private AvroTypes() {}

    /** {@code T} of a union of null and T; null for every other schema. */
    public static Schema optionalOf(Schema schema) {
        if (schema.getType() != Schema.Type.UNION || schema.getTypes().size() != 2) {
            return null;
        }
        List<Schema> branches = schema.getTypes();
        if (branches.get(0).getType() == Schema.Type.NULL) {
            return branches.get(1);
        }
        return branches.get(1).getType() == Schema.Type.NULL ? branches.get(0) : null;
    }

    /** The schema itself, or what it is optional of. */
    public static Schema presentOf(Schema schema) {
        Schema optional = optionalOf(schema);
        return optional == null ? schema : optional;
    }

    /**
     * A field's schema. A logical type on the field counts as its type's, where it belongs: producers write it there, and
     * mean it.
     */
    public static Schema schemaOf(Schema.Field field) {
        Schema schema = field.schema();
        if (field.getObjectProp(LOGICAL_TYPE) == null) {
            return schema;
        }
        Schema present = presentOf(schema);
        Schema annotated = annotated(field, present);
        if (annotated == present) {
            return schema;
        }
        return present == schema
                ? annotated
                : Schema.createUnion(schema.getTypes().stream()
                        .map(branch -> branch == present ? annotated : branch)
                        .toList());
    }

    private static Schema annotated(Schema.Field field, Schema schema) {
        if (schema.getLogicalType() != null) {
            return schema;
        }
        Schema copy =
                switch (schema.getType()) {
                    case INT, LONG, STRING, BYTES -> Schema.create(schema.getType());
                    case FIXED ->
                        Schema.createFixed(
                                schema.getName(), schema.getDoc(), schema.getNamespace(), schema.getFixedSize());
                    default -> null;
                };
        if (copy == null) {
            return schema;
        }
        for (String property : List.of(LOGICAL_TYPE, "precision", "scale")) {
            if (field.getObjectProp(property) != null) {
                copy.addProp(property, field.getObjectProp(property));
            }
        }
        LogicalType logical = LogicalTypes.fromSchemaIgnoreInvalid(copy);
        return logical == null ? schema : logical.addToSchema(copy);
    }

    /** A logical type that is unknown, or isn't fit for its type, counts as none. */
    public static ColumnType columnType(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case BOOLEAN -> ColumnType.of(Kind.BOOLEAN);
            case INT ->
                ColumnType.of(
                        switch (logical) {
                            case LogicalTypes.Date date -> Kind.DATE;
                            case LogicalTypes.TimeMillis time -> Kind.TIME;
                            case null, default -> Kind.INT;
                        });
            case LONG -> ColumnType.of(longKind(logical));
            case FLOAT -> ColumnType.of(Kind.FLOAT);
            case DOUBLE -> ColumnType.of(Kind.DOUBLE);
            case STRING -> ColumnType.of(logical instanceof LogicalTypes.Uuid ? Kind.UUID : Kind.STRING);
            case ENUM -> ColumnType.of(Kind.STRING);
            case BYTES, FIXED ->
                switch (logical) {
                    case LogicalTypes.Decimal decimal -> ColumnType.decimal(decimal.getPrecision(), decimal.getScale());
                    case LogicalTypes.BigDecimal decimal -> ColumnType.anyDecimal();
                    case LogicalTypes.Uuid uuid -> ColumnType.of(Kind.UUID);
                    case LogicalTypes.Duration duration -> ColumnType.of(Kind.DURATION);
                    case null, default -> ColumnType.of(Kind.BYTES);
                };
            case ARRAY -> {
                ColumnType element = columnType(presentOf(schema.getElementType()));
                yield element.kind().isSimple() ? ColumnType.arrayOf(element) : ColumnType.of(Kind.JSON);
            }
            case MAP -> {
                ColumnType value = columnType(presentOf(schema.getValueType()));
                yield value.kind().isSimple() ? ColumnType.mapOf(value) : ColumnType.of(Kind.JSON);
            }
            case UNION -> union(schema);
            case RECORD, NULL -> ColumnType.of(Kind.JSON);
        };
    }

    private static Kind longKind(LogicalType logical) {
        return switch (logical) {
            case LogicalTypes.TimestampMillis timestamp -> Kind.TIMESTAMP;
            case LogicalTypes.TimestampMicros timestamp -> Kind.TIMESTAMP;
            case LogicalTypes.TimestampNanos timestamp -> Kind.TIMESTAMP_NANOS;
            case LogicalTypes.LocalTimestampMillis timestamp -> Kind.LOCAL_TIMESTAMP;
            case LogicalTypes.LocalTimestampMicros timestamp -> Kind.LOCAL_TIMESTAMP;
            case LogicalTypes.LocalTimestampNanos timestamp -> Kind.LOCAL_TIMESTAMP_NANOS;
            case LogicalTypes.TimeMicros time -> Kind.TIME;
            case null, default -> Kind.LONG;
        };
    }

    private static ColumnType union(Schema schema) {
        List<Member> branches = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .map(branch -> new Member(branch.getFullName(), branchType(branch)))
                .toList();
        return branches.isEmpty() ? ColumnType.of(Kind.JSON) : ColumnType.union(branches);
    }

    private static ColumnType branchType(Schema branch) {
        // Without a look into it: a record may contain the union that it is a branch of.
        return switch (branch.getType()) {
            case ARRAY, MAP, RECORD -> ColumnType.of(Kind.JSON);
            default -> columnType(branch);
        };
    }

    /** What an encoded time is multiplied by to be in its column's unit; else 1. */
    public static long unitFactor(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        return logical instanceof LogicalTypes.TimestampMillis
                        || logical instanceof LogicalTypes.LocalTimestampMillis
                        || logical instanceof LogicalTypes.TimeMillis
                ? 1000
                : 1;
    }

    /**
     * A time in a finer unit.
     *
     * @throws AvroCursor.Malformed when the finer unit can't hold it
     */
    public static long scaled(long value, long factor) {
        if (factor == 1) {
            return value;
        }
        if (Math.multiplyHigh(value, factor) != value * factor >> 63) {
            throw new AvroCursor.Malformed("a time is " + value + ", which its column's finer unit can't hold");
        }
        return value * factor;
    }
}
