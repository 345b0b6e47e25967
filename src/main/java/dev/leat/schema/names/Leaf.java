package dev.leat.schema.names;

import dev.leat.pipeline.Names;
import dev.leat.pipeline.Stream.Nested;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.avro.AvroTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * A field that becomes a column.
 *
 * @param name its own, after those of the records around it
 * @param aliases what it may have been called before
 * @param schema its own, or what it is optional of
 * @param always whether every record has a value
 */
public record Leaf(String name, List<String> aliases, Schema schema, boolean always, Schema.Field field) {

    /**
     * Of a record and the records in it, in the order of their fields.
     *
     * @throws ContractException when the schema is of more fields, levels, names or digits than can be held
     */
    public static List<Leaf> allOf(Schema schema, Nested nested) {
        SchemaLimits.requireTypes(schema);
        Walk walk = new Walk(schema, nested, new HashSet<>(), new ArrayList<>());
        walk.through(schema, List.of(""), true);
        return walk.leaves;
    }

    /**
     * Whether the fields of a record become columns of the record around it.
     *
     * @param within the names of the records around it
     */
    public static boolean isFlattened(Schema schema, Nested nested, Set<String> within) {
        return nested == Nested.FLAT
                && schema.getType() == Schema.Type.RECORD
                && !within.contains(schema.getFullName())
                && !schema.getFields().isEmpty();
    }

    /**
     * @param schema the outermost record
     * @param within the names of the records that it is in now
     * @param leaves those found so far
     */
    private record Walk(Schema schema, Nested nested, Set<String> within, List<Leaf> leaves) {

        /** @param prefixes what the record's fields are called after; the first one is that of now */
        void through(Schema record, List<String> prefixes, boolean always) {
            within.add(record.getFullName());
            SchemaLimits.requireLevels(schema, prefixes.getFirst(), within.size());
            for (Schema.Field field : record.getFields()) {
                Schema union = AvroTypes.schemaOf(field);
                Schema present = AvroTypes.presentOf(union);
                List<String> called = names(field, prefixes);
                boolean required = always && present == union && !isNullable(union);
                if (isFlattened(present, nested, within)) {
                    through(present, called.stream().map(name -> name + "_").toList(), required);
                } else {
                    leaves.add(new Leaf(
                            called.getFirst(),
                            List.copyOf(called.subList(1, called.size())),
                            present,
                            required,
                            field));
                    SchemaLimits.requireColumns(schema, leaves.size());
                }
            }
            within.remove(record.getFullName());
        }

        private List<String> names(Schema.Field field, List<String> prefixes) {
            SchemaLimits.requireNames(
                    schema,
                    prefixes.getFirst() + field.name(),
                    (long) prefixes.size() * (1 + field.aliases().size()));
            List<String> names = new ArrayList<>();
            for (String prefix : prefixes) {
                names.add(prefix + field.name());
                field.aliases().stream().filter(Names::isStorable).forEach(alias -> names.add(prefix + alias));
            }
            return names;
        }

        private static boolean isNullable(Schema schema) {
            return schema.getType() == Schema.Type.NULL
                    || schema.getType() == Schema.Type.UNION
                            && schema.getTypes().stream().anyMatch(branch -> branch.getType() == Schema.Type.NULL);
        }
    }
}
