package dev.leat.schema.names;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.avro.AvroTypes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * What a contract may become at most. A short text may say a lot: types that are used twice on each of 24 levels are
 * 2^24 columns, and so are as many aliases.
 */
public final class SchemaLimits {

    /** Postgres's most columns of a table. */
    private static final int COLUMNS = 1600;

    private static final int LEVELS = 200;

    private static final int LEVELS_OF_TYPES = 500;

    private static final int NAMES_OF_A_FIELD = 1000;

    /** Postgres's most digits of a numeric before and behind the point. */
    private static final int DIGITS_BEFORE = 131_072;

    private static final int DIGITS_BEHIND = 16_383;

    private SchemaLimits() {}

    public static void requireColumns(Schema record, int columns) {
        if (columns > COLUMNS) {
            throw new ContractException(record.getFullName() + " has more than " + COLUMNS
                    + " fields with those of the records in it, and that is as many columns as a table can have; make"
                    + " them one column of JSON with `nested: json`, or split the contract");
        }
    }

    public static void requireLevels(Schema record, String prefix, int levels) {
        if (levels > LEVELS) {
            throw new ContractException(record.getFullName() + " has records in records to more than " + LEVELS
                    + " levels, at " + shortened(prefix) + "; make them one column of JSON with `nested: json`");
        }
    }

    public static void requireNames(Schema record, String name, long names) {
        if (names > NAMES_OF_A_FIELD) {
            throw new ContractException("field " + shortened(name) + " of " + record.getFullName() + " may have had "
                    + names + " names by its aliases and those of the records around it, and at most "
                    + NAMES_OF_A_FIELD + " are looked for; remove aliases that no version has any more");
        }
    }

    /**
     * Looks into all types of the schema, each once, level by level: a chain of types may be longer than the stack.
     *
     * @throws ContractException when one of them can hold nothing that can be kept
     */
    public static void requireTypes(Schema schema) {
        Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Schema> level = List.of(schema);
        for (int levels = 0; !level.isEmpty(); levels++) {
            requireTypes(schema, levels);
            List<Schema> next = new ArrayList<>();
            for (Schema type : level) {
                if (seen.add(type)) {
                    requireDigits(schema, type);
                    next.addAll(parts(type));
                }
            }
            level = next;
        }
    }

    private static void requireTypes(Schema schema, int levels) {
        if (levels > LEVELS_OF_TYPES) {
            throw new ContractException(schema.getFullName() + " has types within types to more than " + LEVELS_OF_TYPES
                    + " levels, and values aren't read as deep as that");
        }
    }

    private static List<Schema> parts(Schema type) {
        return switch (type.getType()) {
            case RECORD -> type.getFields().stream().map(AvroTypes::schemaOf).toList();
            case ARRAY -> List.of(type.getElementType());
            case MAP -> List.of(type.getValueType());
            case UNION -> type.getTypes();
            default -> List.of();
        };
    }

    private static void requireDigits(Schema schema, Schema type) {
        if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal
                && (decimal.getScale() > DIGITS_BEHIND
                        || decimal.getPrecision() - decimal.getScale() > DIGITS_BEFORE)) {
            throw new ContractException(schema.getFullName() + " has a decimal of precision " + decimal.getPrecision()
                    + " and scale " + decimal.getScale() + ", and Postgres's numeric has at most " + DIGITS_BEFORE
                    + " digits before the point and " + DIGITS_BEHIND + " after it");
        }
    }

    private static String shortened(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "…";
    }
}
