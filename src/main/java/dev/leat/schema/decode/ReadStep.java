package dev.leat.schema.decode;

import dev.leat.schema.types.AvroCursor;
import dev.leat.schema.types.AvroTypes;
import dev.leat.schema.types.AvroValue;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Vector;
import org.apache.avro.Schema;

/** One step of reading a record: takes a field's bytes and appends its value to the vectors of its columns. */
public interface ReadStep {

    void read(AvroCursor in, Vector[] out);

    /** Appends null to every column that {@link #read} appends to: the field's record isn't there. */
    void skipRow(Vector[] out);

    /** Values that are read without a further look at their schema. */
    enum Simple {
        BOOLEAN,
        INT,
        INT_TO_DOUBLE,
        LONG,
        LONG_TO_DOUBLE,
        /** A time in milliseconds, into a column of microseconds. */
        MILLIS,
        FLOAT,
        DOUBLE,
        STRING;

        /** Appends the value. Small, and the one place for all, so that it is compiled into those who call it. */
        void read(AvroCursor in, Vector out) {
            switch (this) {
                case BOOLEAN -> out.append(in.readBoolean() ? 1L : 0L);
                case INT -> out.append((long) in.readInt());
                case INT_TO_DOUBLE -> out.append((double) in.readInt());
                case LONG -> out.append(in.readLong());
                case LONG_TO_DOUBLE -> out.append((double) in.readLong());
                case MILLIS -> out.append(AvroValue.scaled(in.readLong(), 1000));
                case FLOAT -> out.append((double) in.readFloat());
                case DOUBLE -> out.append(in.readDouble());
                case STRING -> in.readText(out);
            }
        }
    }

    /** A field that becomes one column. */
    record Leaf(int column, Simple simple, Append other) implements ReadStep {

        @Override
        public void read(AvroCursor in, Vector[] out) {
            if (simple != null) {
                simple.read(in, out[column]);
            } else {
                other.from(in, out[column]);
            }
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
     * @param into the column's, which holds it
     */
    static ReadStep of(Schema schema, ColumnType written, ColumnType into, int column) {
        boolean isDouble = into.storage() == ColumnType.Storage.DOUBLE;
        return switch (written.kind()) {
            case BOOLEAN -> new Leaf(column, Simple.BOOLEAN, null);
            case INT, DATE -> new Leaf(column, isDouble ? Simple.INT_TO_DOUBLE : Simple.INT, null);
            case LONG, TIME, TIMESTAMP, TIMESTAMP_NANOS, LOCAL_TIMESTAMP, LOCAL_TIMESTAMP_NANOS ->
                number(AvroTypes.unitFactor(schema), written, into, column);
            case FLOAT -> new Leaf(column, Simple.FLOAT, null);
            case DOUBLE -> new Leaf(column, Simple.DOUBLE, null);
            case STRING ->
                into.kind() == ColumnType.Kind.STRING && schema.getType() == Schema.Type.STRING
                        ? new Leaf(column, Simple.STRING, null)
                        : object(schema, written, into, column);
            default -> object(schema, written, into, column);
        };
    }

    private static ReadStep number(long factor, ColumnType written, ColumnType into, int column) {
        if (into.storage() == ColumnType.Storage.DOUBLE) {
            return new Leaf(column, Simple.LONG_TO_DOUBLE, null);
        }
        if (into.kind() != written.kind() && written.kind() != ColumnType.Kind.LONG) {
            // Microseconds into a column of nanoseconds.
            return new Leaf(
                    column,
                    null,
                    (in, out) -> out.append(AvroValue.scaled(AvroValue.scaled(in.readLong(), factor), 1000)));
        }
        return new Leaf(column, factor == 1 ? Simple.LONG : Simple.MILLIS, null);
    }

    private static ReadStep object(Schema schema, ColumnType written, ColumnType into, int column) {
        return new Leaf(
                column,
                null,
                written.equals(into)
                        ? (in, out) -> out.appendOrNull(AvroValue.read(in, schema, written))
                        : (in, out) -> out.appendOrNull(
                                AvroValue.widened(AvroValue.read(in, schema, written), written, into)));
    }

    static ReadStep optional(Schema union, ReadStep present) {
        return new Nullable(union.getTypes().get(0).getType() == Schema.Type.NULL ? 0 : 1, present);
    }

    /** Reads one value and appends it. */
    interface Append {
        void from(AvroCursor in, Vector out);
    }
}
