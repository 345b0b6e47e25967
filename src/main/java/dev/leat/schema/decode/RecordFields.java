package dev.leat.schema.decode;

import dev.leat.pipeline.Names;
import dev.leat.pipeline.Stream.Nested;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.names.Leaf;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.avro.AvroTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Takes a record schema apart: nested records become columns of the outer one, their names joined with {@code _}, or one
 * JSON column, as the stream says; everything else is one column a field. A record that contains itself is one JSON
 * column.
 */
public final class RecordFields {

    private final Schema schema;
    private final Nested nested;
    private final Map<String, String> names;
    private final List<Leaf> leaves;

    /** @throws ContractException when the schema is of more fields, levels, names or digits than can be held */
    private RecordFields(Schema schema, Nested nested) {
        this.schema = schema;
        this.nested = nested;
        this.names = Map.of();
        this.leaves = Leaf.allOf(schema, nested);
    }

    private RecordFields(RecordFields fields, Map<String, String> names) {
        this.schema = fields.schema;
        this.nested = fields.nested;
        this.names = names;
        this.leaves = fields.leaves;
    }

    /** The fields of a record under their own names. */
    public static RecordFields of(Schema schema, Nested nested) {
        return new RecordFields(schema, nested);
    }

    /**
     * The same fields.
     *
     * @param columns names of those that fields go into, by the fields' names; others go into columns of their own names
     */
    public RecordFields into(Map<String, String> columns) {
        return new RecordFields(this, columns);
    }

    public List<Leaf> leaves() {
        return leaves;
    }

    /** The columns of the record. */
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Leaf leaf : leaves) {
            String name = columnOf(leaf.name());
            Names.problemOfField(name).ifPresent(problem -> {
                throw new ContractException("field " + name + " of " + schema.getFullName() + " " + problem);
            });
            if (!taken.add(name)) {
                throw new ContractException(
                        "two fields of " + schema.getFullName() + " would become the column " + name + "; rename one");
            }
            columns.add(new Column(name, AvroTypes.columnType(leaf.schema()), leaf.always(), doc(leaf.field())));
        }
        return columns;
    }

    /** Of the columns that fields go into, by the fields' names. */
    public Map<String, String> columnNames() {
        return names;
    }

    private static String doc(Schema.Field field) {
        return field.doc() == null ? "" : Names.storable(field.doc());
    }

    String columnOf(String name) {
        return names.getOrDefault(name, name);
    }

    Schema schema() {
        return schema;
    }

    Set<String> columnsIn(Schema record, String prefix, Set<String> within) {
        Set<String> columns = new HashSet<>();
        Set<String> around = new HashSet<>(within);
        around.add(record.getFullName());
        for (Schema.Field field : record.getFields()) {
            Schema present = AvroTypes.presentOf(AvroTypes.schemaOf(field));
            if (isFlattened(present, around)) {
                columns.addAll(columnsIn(present, prefix + field.name() + "_", around));
            } else {
                columns.add(columnOf(prefix + field.name()));
            }
        }
        return columns;
    }

    /** The records in the record, with their columns. */
    List<Default.Group> groups() {
        List<Default.Group> groups = new ArrayList<>();
        addGroups(schema, "", "", 0, new HashSet<>(), groups);
        return groups;
    }

    private void addGroups(
            Schema record, String path, String prefix, int depth, Set<String> within, List<Default.Group> groups) {
        within.add(record.getFullName());
        for (Schema.Field field : record.getFields()) {
            Schema present = AvroTypes.presentOf(AvroTypes.schemaOf(field));
            if (isFlattened(present, within)) {
                String name = prefix + field.name() + "_";
                String inner = path + field.name() + "/";
                groups.add(new Default.Group(inner, depth + 1, columnsIn(present, name, within)));
                addGroups(present, inner, name, depth + 1, within, groups);
            }
        }
        within.remove(record.getFullName());
    }

    /** Steps that read a record into vectors of this shape, which has all its columns. */
    RecordStep steps(Shape shape) {
        return steps(shape, Map.of(), Map.of());
    }

    /**
     * @param constants further columns that have a value where a record in the record is present, by its path
     * @param defaults of the newest version
     */
    RecordStep steps(Shape shape, Map<String, List<ReadStep>> constants, Map<String, Default> defaults) {
        return group(schema, "", "", shape, new HashSet<>(), constants, defaults);
    }

    private RecordStep group(
            Schema record,
            String path,
            String prefix,
            Shape shape,
            Set<String> within,
            Map<String, List<ReadStep>> constants,
            Map<String, Default> defaults) {
        within.add(record.getFullName());
        List<ReadStep> steps = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            steps.add(step(field, path, prefix, shape, within, constants, defaults));
        }
        steps.addAll(constants.getOrDefault(path, List.of()));
        within.remove(record.getFullName());
        return new RecordStep(steps);
    }

    ReadStep step(Schema.Field field, String prefix, Shape shape, Set<String> within) {
        return step(field, "", prefix, shape, within, Map.of(), Map.of());
    }

    private ReadStep step(
            Schema.Field field,
            String path,
            String prefix,
            Shape shape,
            Set<String> within,
            Map<String, List<ReadStep>> constants,
            Map<String, Default> defaults) {
        String name = prefix + field.name();
        Schema union = AvroTypes.schemaOf(field);
        Schema present = AvroTypes.presentOf(union);
        ReadStep step = isFlattened(present, within)
                ? group(present, path + field.name() + "/", name + "_", shape, within, constants, defaults)
                : leaf(present, columnOf(name), shape, defaults);
        return present == union ? step : ReadStep.optional(union, step);
    }

    private static ReadStep leaf(Schema schema, String name, Shape shape, Map<String, Default> defaults) {
        ColumnType type = AvroTypes.columnType(schema);
        ColumnType column = shape.column(name).type();
        if (!column.holds(type)) {
            throw Column.misfit(name, type, column);
        }
        Default newest = defaults.get(name);
        return ReadStep.of(schema, type, shape, shape.indexOf(name), newest == null ? null : newest.newest());
    }

    public boolean isFlattened(Schema schema, Set<String> within) {
        return Leaf.isFlattened(schema, nested, within);
    }
}
