package dev.leat.schema.emit;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.decode.RecordFields;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.avro.AvroUnions;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.TypeTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;

/** How rows of one shape become records of one schema. */
final class WriteSteps {

    private final RecordFields fields;
    private final Shape shape;

    WriteSteps(RecordFields fields, Shape shape) {
        this.fields = fields;
        this.shape = shape;
    }

    /** @throws ContractException when a column's values don't fit the field of its name */
    WriteStep of(Schema record) {
        return group(record, List.of(""), new HashSet<>());
    }

    /** @param prefixes of the fields' names: the record's own name first, then its aliases */
    private WriteStep group(Schema record, List<String> prefixes, Set<String> within) {
        within.add(record.getFullName());
        List<WriteStep> steps = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            steps.add(step(field, prefixes, within));
        }
        within.remove(record.getFullName());
        return new Group(steps);
    }

    private WriteStep step(Schema.Field field, List<String> prefixes, Set<String> within) {
        Schema union = AvroTypes.schemaOf(field);
        Schema present = AvroTypes.presentOf(union);
        List<String> names = prefixes.stream()
                .flatMap(prefix -> Stream.concat(Stream.of(field.name()), field.aliases().stream())
                        .map(name -> prefix + name))
                .toList();
        if (fields.isFlattened(present, within)) {
            WriteStep nested =
                    group(present, names.stream().map(name -> name + "_").toList(), within);
            return present == union ? nested : new Optionally(nested, union, present);
        }
        Optional<String> column = names.stream().filter(shape::has).findFirst();
        if (column.isEmpty()) {
            if (!field.hasDefaultValue()) {
                throw new ContractException("the stream has no column " + names.getFirst() + ", and " + field.name()
                        + " has no default; the class has a field that events never had");
            }
            return (rows, row, out) -> writeDefault(field, out);
        }
        return leaf(field, union, present, column.get());
    }

    private WriteStep leaf(Schema.Field field, Schema union, Schema present, String name) {
        ColumnType held = shape.column(name).type();
        ColumnType type = AvroTypes.columnType(present);
        if (!type.holds(held)) {
            throw new ContractException("column " + name + " is " + held.postgres() + ", but the class has "
                    + type.postgres() + " there and can't hold it; generate the class from the newest contract");
        }
        return new Leaf(field, union, present, TypeTable.of(type), TypeTable.of(held), shape.indexOf(name));
    }

    private static void writeDefault(Schema.Field field, BinaryEncoder out) throws IOException {
        new GenericDatumWriter<>(field.schema()).write(GenericData.get().getDefaultValue(field), out);
    }

    private record Group(List<WriteStep> steps) implements WriteStep {
        @Override
        public void write(Rows rows, int row, BinaryEncoder out) throws IOException {
            for (WriteStep step : steps) {
                step.write(rows, row, out);
            }
        }

        @Override
        public boolean isNull(Rows rows, int row) {
            return steps.stream().allMatch(step -> step.isNull(rows, row));
        }
    }

    /** A nested record that may be missing. */
    private record Optionally(WriteStep step, Schema union, Schema present) implements WriteStep {
        @Override
        public void write(Rows rows, int row, BinaryEncoder out) throws IOException {
            if (isNull(rows, row)) {
                out.writeIndex(1 - union.getTypes().indexOf(present));
            } else {
                out.writeIndex(union.getTypes().indexOf(present));
                step.write(rows, row, out);
            }
        }

        @Override
        public boolean isNull(Rows rows, int row) {
            return step.isNull(rows, row);
        }
    }

    /** A field that is one column. */
    private record Leaf(Schema.Field field, Schema union, Schema present, ValueCodec codec, ValueCodec held, int column)
            implements WriteStep {
        @Override
        public void write(Rows rows, int row, BinaryEncoder out) throws IOException {
            Object value = codec.widened(rows.vector(column).valueAt(row), held);
            if (value != null) {
                if (present != union) {
                    out.writeIndex(union.getTypes().indexOf(present));
                }
                codec.write(value, present, out);
            } else if (AvroUnions.nullBranch(union) >= 0) {
                AvroUnions.writeNull(union, out);
            } else if (field.hasDefaultValue() && field.defaultVal() != JsonProperties.NULL_VALUE) {
                writeDefault(field, out);
            } else {
                throw new AvroCursor.Malformed("field " + field.name() + " has no value, and no default");
            }
        }

        @Override
        public boolean isNull(Rows rows, int row) {
            return rows.vector(column).isNull(row);
        }
    }
}
