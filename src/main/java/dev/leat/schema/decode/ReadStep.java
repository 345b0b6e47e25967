package dev.leat.schema.decode;

import dev.leat.schema.names.Leaf;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import dev.leat.schema.types.codec.ValueCodec;
import dev.leat.schema.types.table.TypeTable;
import java.util.function.Function;
import org.apache.avro.Schema;

/** One step of reading a record: takes a field's bytes and appends its value to the vectors of its columns. */
public interface ReadStep {

    void read(AvroCursor in, Vector[] out);

    /** Appends null to every column that {@link #read} appends to: the field's record isn't there. */
    void skipRow(Vector[] out);

    /**
     * A field that becomes one column.
     *
     * @param plain how it is read without its schema; null where the other reads it
     */
    record Leaf(int column, PlainRead plain, Append other) implements ReadStep {

        @Override
        public void read(AvroCursor in, Vector[] out) {
            if (plain != null) {
                plain.read(in, out[column]);
            } else {
                other.from(in, out[column]);
            }
        }

        @Override
        public void skipRow(Vector[] out) {
            out[column].appendNull();
        }
    }

    /** A column whose field the writer didn't know, in a record in the record. Takes no bytes. */
    record Constant(int column, Object value) implements ReadStep {

        @Override
        public void read(AvroCursor in, Vector[] out) {
            out[column].appendValue(value);
        }

        @Override
        public void skipRow(Vector[] out) {
            out[column].appendNull();
        }
    }

    /** A union of null and a type: the branch's number comes first. */
    record Nullable(int nullBranch, ReadStep present) implements ReadStep {

        @Override
        public void read(AvroCursor in, Vector[] out) {
            if (isPresent(in, nullBranch)) {
                present.read(in, out);
            } else {
                present.skipRow(out);
            }
        }

        static boolean isPresent(AvroCursor in, int nullBranch) {
            int branch = in.readInt();
            if (branch != 0 && branch != 1) {
                throw new AvroCursor.Malformed("a union of 2 has branch " + branch);
            }
            return branch != nullBranch;
        }

        @Override
        public void skipRow(Vector[] out) {
            present.skipRow(out);
        }
    }

    /**
     * The step for a value of this schema, into the column at this index.
     *
     * @param written the schema's own type
     * @param column index of a column of the shape, whose type holds the written one
     * @param newest the newest version of the schema; null where that isn't known
     */
    static ReadStep of(Schema schema, ColumnType written, Shape shape, int column, Schema newest) {
        ValueCodec codec = TypeTable.of(written);
        Column into = shape.columns().get(column);
        PlainRead plain = codec.plainRead(schema, into.type());
        return new Leaf(
                column,
                plain,
                plain == null ? naming(into.name(), append(schema, codec, TypeTable.of(into.type()), newest)) : null);
    }

    private static Append naming(String column, Append append) {
        return (in, out) -> {
            try {
                append.from(in, out);
            } catch (AvroCursor.IllFormed e) {
                throw e.of(column);
            }
        };
    }

    private static Append append(Schema schema, ValueCodec codec, ValueCodec into, Schema newest) {
        if (schema.getType() == Schema.Type.STRING && into.type().kind() == ColumnType.Kind.BYTES) {
            // Without a text in between, which would change what isn't UTF-8.
            return (in, out) -> out.append((Object) in.readBytes());
        }
        Function<AvroCursor, Object> reading = TypeTable.reading(schema, newest);
        return codec.type().equals(into.type())
                ? (in, out) -> out.appendOrNull(reading.apply(in))
                : (in, out) -> out.appendOrNull(into.widened(reading.apply(in), codec));
    }

    static ReadStep optional(Schema union, ReadStep present) {
        return new Nullable(union.getTypes().get(0).getType() == Schema.Type.NULL ? 0 : 1, present);
    }

    /** Reads one value and appends it. */
    interface Append {
        void from(AvroCursor in, Vector out);
    }
}
