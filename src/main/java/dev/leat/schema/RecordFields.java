package dev.leat.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/**
 * Takes a record schema apart: nested records become columns of the outer one, their names joined with {@code _};
 * everything else is one column a field. A record that contains itself is one JSON column.
 */
final class RecordFields {

    /** Names that Leat's own columns have in views and in the lake. */
    private static final Set<String> RESERVED = Set.of("_partition", "_offset", "_timestamp", "_deleted");

    private RecordFields() {}

    /** The columns of a record schema. */
    static List<Column> columns(Schema schema) {
        List<Column> columns = new ArrayList<>();
        walk(schema, "", true, new HashSet<>(), (name, leaf, required, doc) -> {
            if (RESERVED.contains(name)) {
                throw new ContractException(
                        "field " + name + " of " + schema.getFullName() + " has the name of a column of Leat's own");
            }
            columns.add(new Column(name, AvroTypes.columnType(leaf), required, doc));
        });
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new ContractException("two fields of " + schema.getFullName() + " would become the column "
                        + column.name() + "; rename one");
            }
        }
        return columns;
    }

    /** Values that a record of this schema has where its writer knew no such field; nulls are left out. */
    static Map<String, Object> defaults(Schema schema) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        for (Schema.Field field : schema.getFields()) {
            if (field.hasDefaultValue() && field.defaultVal() != JsonProperties.NULL_VALUE) {
                defaults.put(field.name(), field.defaultVal());
            }
        }
        return defaults;
    }

    /** Steps that read a record of this schema into vectors of this shape, which has all its columns. */
    static ReadStep steps(Schema schema, Shape shape) {
        return group(schema, "", shape, new HashSet<>());
    }

    private static ReadStep group(Schema record, String prefix, Shape shape, Set<String> within) {
        within.add(record.getFullName());
        List<ReadStep> steps = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            String name = prefix + field.name();
            Schema optional = AvroTypes.optionalOf(field.schema());
            Schema present = optional == null ? field.schema() : optional;
            ReadStep step = isFlattened(present, within)
                    ? group(present, name + "_", shape, within)
                    : leaf(present, name, shape);
            steps.add(optional == null ? step : ReadStep.optional(field.schema(), step));
        }
        within.remove(record.getFullName());
        return ReadStep.group(steps.toArray(ReadStep[]::new));
    }

    private static ReadStep leaf(Schema schema, String name, Shape shape) {
        ColumnType type = AvroTypes.columnType(schema);
        ColumnType column = shape.column(name).type();
        if (!AvroTypes.fits(type, column)) {
            throw new ContractException("field " + name + " is " + type.postgres() + ", but its column is "
                    + column.postgres() + " and can't hold it");
        }
        return ReadStep.of(schema, type, shape.indexOf(name));
    }

    private static void walk(Schema record, String prefix, boolean required, Set<String> within, Leaf leaf) {
        within.add(record.getFullName());
        for (Schema.Field field : record.getFields()) {
            Schema optional = AvroTypes.optionalOf(field.schema());
            Schema present = optional == null ? field.schema() : optional;
            boolean always = required && optional == null && field.schema().getType() != Schema.Type.UNION;
            if (isFlattened(present, within)) {
                walk(present, prefix + field.name() + "_", always, within, leaf);
            } else {
                leaf.found(prefix + field.name(), present, always, field.doc() == null ? "" : field.doc());
            }
        }
        within.remove(record.getFullName());
    }

    private static boolean isFlattened(Schema schema, Set<String> within) {
        return schema.getType() == Schema.Type.RECORD && !within.contains(schema.getFullName());
    }

    private interface Leaf {
        void found(String name, Schema schema, boolean required, String doc);
    }
}
