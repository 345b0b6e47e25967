package dev.leat.schema.types.codec;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/**
 * The kinds that are a {@link Long} in a vector, and the same number in Avro and in a file: of 32 bits if their Avro type is
 * an int, else of 64.
 */
public abstract class WholeNumberCodec extends UniformCodec {

    private final boolean isInt;

    protected WholeNumberCodec(Kind kind, Schema emitted, String expected) {
        super(kind, emitted, isInt(emitted) ? StoredAs.INT : StoredAs.LONG, expected);
        this.isInt = isInt(emitted);
    }

    private static boolean isInt(Schema schema) {
        return schema.getType() == Schema.Type.INT;
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return isInt ? PlainRead.INT : PlainRead.LONG;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return isInt ? in.readInt() : in.readLong();
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        writeNumber((Long) value, schema, out);
    }

    /** Writes a number as an int or a long, as the schema has it. */
    protected static void writeNumber(long number, Schema schema, BinaryEncoder out) throws IOException {
        if (isInt(schema)) {
            out.writeInt(Math.toIntExact(number));
        } else {
            out.writeLong(number);
        }
    }

    @Override
    public final Object toStored(Object value, Schema schema) {
        return isInt ? (Object) ((Long) value).intValue() : value;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return ((Number) value).longValue();
    }
}
