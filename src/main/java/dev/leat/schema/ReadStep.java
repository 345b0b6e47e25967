package dev.leat.schema;

import org.apache.avro.Schema;

/** One step of reading a record: takes a field's bytes and appends its value to the vectors of its columns. */
interface ReadStep {

    void read(Cursor in, Vector[] out);

    /** Appends null to every column that {@link #read} appends to: the field's record isn't there. */
    void skipRow(Vector[] out);

    /** A field that becomes one column. */
    abstract class Leaf implements ReadStep {
        final int column;

        Leaf(int column) {
            this.column = column;
        }

        @Override
        public final void skipRow(Vector[] out) {
            out[column].appendNull();
        }
    }

    /**
     * The step for a value of this schema, into the column at this index.
     *
     * @param written the schema's own type
     * @param into the column's, which holds it
     */
    static ReadStep of(Schema schema, ColumnType written, ColumnType into, int column) {
        return switch (written.kind()) {
            case BOOLEAN -> leaf(column, (in, out) -> out.append(in.readBoolean() ? 1L : 0L));
            case INT, DATE ->
                into.storage() == ColumnType.Storage.DOUBLE
                        ? leaf(column, (in, out) -> out.append((double) in.readInt()))
                        : leaf(column, (in, out) -> out.append((long) in.readInt()));
            case LONG, TIME, TIMESTAMP, TIMESTAMP_NANOS, LOCAL_TIMESTAMP, LOCAL_TIMESTAMP_NANOS ->
                number(AvroTypes.unitFactor(schema), written, into, column);
            case FLOAT -> leaf(column, (in, out) -> out.append((double) in.readFloat()));
            case DOUBLE -> leaf(column, (in, out) -> out.append(in.readDouble()));
            case STRING ->
                into.kind() == ColumnType.Kind.STRING && schema.getType() == Schema.Type.STRING
                        ? leaf(column, (in, out) -> out.append((Object) in.readString()))
                        : object(schema, written, into, column);
            default -> object(schema, written, into, column);
        };
    }

    private static ReadStep number(long factor, ColumnType written, ColumnType into, int column) {
        if (into.storage() == ColumnType.Storage.DOUBLE) {
            return leaf(column, (in, out) -> out.append((double) in.readLong()));
        }
        if (into.kind() != written.kind() && written.kind() != ColumnType.Kind.LONG) {
            // Microseconds into a column of nanoseconds.
            return leaf(
                    column, (in, out) -> out.append(AvroValue.scaled(AvroValue.scaled(in.readLong(), factor), 1000)));
        }
        return leaf(
                column,
                factor == 1
                        ? (in, out) -> out.append(in.readLong())
                        : (in, out) -> out.append(AvroValue.scaled(in.readLong(), factor)));
    }

    private static ReadStep object(Schema schema, ColumnType written, ColumnType into, int column) {
        return leaf(
                column,
                written.equals(into)
                        ? (in, out) -> out.appendOrNull(AvroValue.read(in, schema, written))
                        : (in, out) -> out.appendOrNull(
                                AvroValue.widened(AvroValue.read(in, schema, written), written, into)));
    }

    /** A union of null and a type: the branch's number comes first. */
    static ReadStep optional(Schema union, ReadStep present) {
        int nullBranch = union.getTypes().get(0).getType() == Schema.Type.NULL ? 0 : 1;
        return new ReadStep() {
            @Override
            public void read(Cursor in, Vector[] out) {
                int branch = in.readInt();
                if (branch == nullBranch) {
                    present.skipRow(out);
                } else if (branch == 1 - nullBranch) {
                    present.read(in, out);
                } else {
                    throw new Cursor.Malformed("a union of 2 has branch " + branch);
                }
            }

            @Override
            public void skipRow(Vector[] out) {
                present.skipRow(out);
            }
        };
    }

    /** The fields of a record, one after the other. */
    static ReadStep group(ReadStep[] steps) {
        return new ReadStep() {
            @Override
            public void read(Cursor in, Vector[] out) {
                for (ReadStep step : steps) {
                    step.read(in, out);
                }
            }

            @Override
            public void skipRow(Vector[] out) {
                for (ReadStep step : steps) {
                    step.skipRow(out);
                }
            }
        };
    }

    private static ReadStep leaf(int column, Append append) {
        return new Leaf(column) {
            @Override
            public void read(Cursor in, Vector[] out) {
                append.from(in, out[column]);
            }
        };
    }

    /** Reads one value and appends it. */
    interface Append {
        void from(Cursor in, Vector out);
    }
}
