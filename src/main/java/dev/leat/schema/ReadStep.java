package dev.leat.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.UUID;
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

    /** The step for a value of this schema, into the column at this index. */
    static ReadStep of(Schema schema, ColumnType type, int column) {
        return switch (type.kind()) {
            case BOOLEAN -> leaf(column, (in, out) -> out.append(in.readBoolean() ? 1L : 0L));
            case INT, DATE -> leaf(column, (in, out) -> out.append((long) in.readInt()));
            case LONG, TIME, TIMESTAMP, LOCAL_TIMESTAMP -> {
                long factor = AvroTypes.microsFactor(schema);
                yield leaf(
                        column,
                        factor == 1
                                ? (in, out) -> out.append(in.readLong())
                                : (in, out) -> out.append(scaled(in.readLong(), factor)));
            }
            case FLOAT -> leaf(column, (in, out) -> out.append((double) in.readFloat()));
            case DOUBLE -> leaf(column, (in, out) -> out.append(in.readDouble()));
            case STRING ->
                schema.getType() == Schema.Type.ENUM
                        ? leaf(column, (in, out) -> out.append((Object) JsonValue.symbol(in, schema)))
                        : leaf(column, (in, out) -> out.append((Object) in.readString()));
            case UUID -> leaf(column, (in, out) -> out.append((Object) uuid(in.readString())));
            case BYTES -> leaf(column, (in, out) -> out.append((Object) bytes(in, schema)));
            case DECIMAL ->
                leaf(
                        column,
                        (in, out) -> out.append(
                                (Object) new BigDecimal(new BigInteger(nonEmpty(bytes(in, schema))), type.scale())));
            case JSON -> leaf(column, (in, out) -> out.append((Object) JsonValue.read(in, schema)));
        };
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

    private static long scaled(long value, long factor) {
        long scaled = value * factor;
        if (scaled / factor != value) {
            throw new Cursor.Malformed("a time is " + value + " ms, which microseconds can't hold");
        }
        return scaled;
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new Cursor.Malformed("a uuid isn't one");
        }
    }

    private static byte[] bytes(Cursor in, Schema schema) {
        return schema.getType() == Schema.Type.FIXED ? in.readFixed(schema.getFixedSize()) : in.readBytes();
    }

    private static byte[] nonEmpty(byte[] bytes) {
        if (bytes.length == 0) {
            throw new Cursor.Malformed("a decimal has no bytes");
        }
        return bytes;
    }
}
