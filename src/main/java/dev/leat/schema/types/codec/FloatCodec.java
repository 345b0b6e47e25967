package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Floating-point numbers of 32 bits; a {@link Double} in a vector. */
public final class FloatCodec extends DoubleCodec {

    public FloatCodec() {
        super(Kind.FLOAT, Schema.Type.FLOAT, StoredAs.FLOAT);
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return PlainRead.FLOAT;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return (double) in.readFloat();
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeFloat(((Double) value).floatValue());
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new Float[rows.length], vector, rows, r -> (float) vector.doubleAt(r));
    }

    @Override
    public String inArray(Object value) {
        return Float.toString(((Double) value).floatValue());
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        return ((Double) value).floatValue();
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeNumber(((Double) value).floatValue());
    }

    @Override
    public Object parse(String text) {
        return Float.valueOf(text);
    }
}
