package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Floating-point numbers of 64 bits; {@link FloatCodec} says what those of 32 bits do otherwise. */
public class DoubleCodec extends UniformCodec {

    public DoubleCodec() {
        this(Kind.DOUBLE, Schema.Type.DOUBLE, StoredAs.DOUBLE);
    }

    DoubleCodec(Kind kind, Schema.Type avro, StoredAs storedAs) {
        super(kind, Schema.create(avro), storedAs, "a number, as 1.5");
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return PlainRead.DOUBLE;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return in.readDouble();
    }

    @Override
    protected final Object widen(Object value, ValueCodec from) {
        return ((Number) value).doubleValue();
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeDouble((Double) value);
    }

    @Override
    public final boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held) || field.getType() == Schema.Type.DOUBLE;
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new Double[rows.length], vector, rows, vector::doubleAt);
    }

    @Override
    public final boolean isNumber() {
        return true;
    }

    @Override
    public final Object ofStored(Object value, Schema schema) {
        return ((Number) value).doubleValue();
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeNumber((Double) value);
    }

    /** Also of "NaN" and its like. */
    @Override
    public final Object ofJson(JsonNode json) {
        return Double.valueOf(json.asText());
    }

    /** JSON has no number for NaN and the infinities, so they are strings. */
    @Override
    public final Object answer(Object selected) {
        return Double.isFinite(((Number) selected).doubleValue()) ? selected : selected.toString();
    }

    @Override
    public String scalarDoc() {
        return "A floating-point number; \"NaN\", \"Infinity\" and \"-Infinity\" are strings.";
    }

    @Override
    public Object parse(String text) {
        return Double.valueOf(text);
    }
}
