package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Decimal numbers, of so many digits or of any number of them. Where the number of digits is open, a value says its scale
 * itself, in Avro as {@code Conversions.BigDecimalConversion} writes it.
 */
public final class DecimalCodec extends ValueCodec {

    /** Parquet's widest DECIMAL; wider ones are stored as strings. */
    private static final int PARQUET_DIGITS = 38;

    private static final int MAX_SCALE_OF_A_QUERY = 1000;

    private static final double DIGITS_A_BIT = Math.log10(2);

    /** As Postgres writes them. */
    private static final Set<String> NO_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

    public DecimalCodec(ColumnType type) {
        super(type);
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return type().hasDigits() ? decimal(in, in.readBytes(schema)) : bigDecimal(in);
    }

    private BigDecimal decimal(AvroCursor in, byte[] unscaled) {
        BigDecimal value = bounded(in, integer(unscaled), type().scale());
        if (value.precision() > type().precision()) {
            throw new AvroCursor.Malformed(
                    "a decimal has " + value.precision() + " digits, but its type says " + type().precision());
        }
        return value;
    }

    private static BigDecimal bigDecimal(AvroCursor in) {
        AvroCursor value = new AvroCursor();
        value.reset(in.readBytes(), 0);
        BigInteger unscaled = integer(value.readBytes());
        int scale = value.readInt();
        value.requireEnd();
        return bounded(in, unscaled, scale);
    }

    /** Two bytes may say a billion digits. They are counted before anything is done with them. */
    private static BigDecimal bounded(AvroCursor in, BigInteger unscaled, int scale) {
        long digits = (long) (unscaled.bitLength() * DIGITS_A_BIT) + 1;
        in.spending().digits(scale < 0 ? digits - scale : Math.max(digits, scale + 1L));
        return new BigDecimal(unscaled, scale);
    }

    private static BigInteger integer(byte[] unscaled) {
        if (unscaled.length == 0) {
            throw new AvroCursor.Malformed("a decimal has no bytes");
        }
        return new BigInteger(unscaled);
    }

    @Override
    protected Object widen(Object value, ValueCodec from) {
        return type().hasDigits() ? ((BigDecimal) value).setScale(type().scale()) : value;
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        BigDecimal decimal = (BigDecimal) value;
        if (!type().hasDigits()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder inner = EncoderFactory.get().directBinaryEncoder(bytes, null);
            inner.writeBytes(decimal.unscaledValue().toByteArray());
            inner.writeInt(decimal.scale());
            out.writeBytes(bytes.toByteArray());
            return;
        }
        byte[] unscaled = decimal.setScale(type().scale()).unscaledValue().toByteArray();
        if (schema.getType() != Schema.Type.FIXED) {
            out.writeBytes(unscaled);
            return;
        }
        byte[] padded = new byte[schema.getFixedSize()];
        Arrays.fill(padded, (byte) (decimal.signum() < 0 ? -1 : 0));
        System.arraycopy(unscaled, 0, padded, padded.length - unscaled.length, unscaled.length);
        out.writeFixed(padded);
    }

    @Override
    public Schema emitted() {
        return isAvroDecimal() ? avroDecimal() : Schema.create(Schema.Type.STRING);
    }

    @Override
    public String emittedDoc() {
        return isAvroDecimal() ? "" : "Decimal number as text, as 12.50.";
    }

    private boolean isAvroDecimal() {
        return type().hasDigits() && type().scale() >= 0 && type().scale() <= type().precision();
    }

    private Schema avroDecimal() {
        return LogicalTypes.decimal(type().precision(), type().scale()).addToSchema(Schema.create(Schema.Type.BYTES));
    }

    /** Digits are held against the field's value by value: a SELECT doesn't say how many its results have. */
    @Override
    public boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held)
                || isText(field, held)
                || BytesCodec.isBytes(field) && held.kind() == Kind.DECIMAL;
    }

    @Override
    public List<String> postgresNames() {
        return List.of("numeric");
    }

    @Override
    public String parameter() {
        return "text";
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new String[rows.length], vector, rows, r -> text(vector.objectAt(r)));
    }

    @Override
    public String inArray(Object value) {
        return text(value);
    }

    /** Digits without an exponent: how many there may be was held against the limit when the value was read. */
    private static String text(Object value) {
        return ((BigDecimal) value).toPlainString();
    }

    @Override
    public boolean isNumber() {
        return true;
    }

    @Override
    protected Schema stored(String name) {
        return isWiderThanParquet() ? Schema.create(Schema.Type.STRING) : avroDecimal();
    }

    private boolean isWiderThanParquet() {
        return type().precision() > PARQUET_DIGITS || !type().hasDigits();
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.CONVERTED;
    }

    /** Fails rather than rounds a value of more decimals than the column's. */
    @Override
    public Object toStored(Object value, Schema schema) {
        if (!type().hasDigits()) {
            return text(value);
        }
        BigDecimal scaled = ((BigDecimal) value).setScale(type().scale());
        return isWiderThanParquet()
                ? scaled.toPlainString()
                : ByteBuffer.wrap(scaled.unscaledValue().toByteArray());
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        BigDecimal decimal = value instanceof ByteBuffer unscaled
                ? new BigDecimal(
                        new BigInteger(BytesCodec.bytes(unscaled)),
                        ((LogicalTypes.Decimal) schema.getLogicalType()).getScale())
                : new BigDecimal(value.toString());
        return type().hasDigits() ? decimal.setScale(type().scale()) : decimal;
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString(text(value));
    }

    @Override
    public Object ofJson(JsonNode json) {
        return new BigDecimal(json.asText());
    }

    /** The client has no number for Infinity, and would write small ones with an exponent. */
    @Override
    public boolean isSelectedAsText() {
        return true;
    }

    /** A short text such as 1e999999999 would become a long number. What Java has no decimal for stays text. */
    @Override
    public Object parse(String text) {
        if (NO_NUMBERS.contains(text)) {
            return text;
        }
        BigDecimal value = new BigDecimal(text);
        if (Math.abs((long) value.scale()) > MAX_SCALE_OF_A_QUERY) {
            throw new IllegalArgumentException("scale " + value.scale());
        }
        return value;
    }

    @Override
    public String expected() {
        return "a decimal number, as 12.50";
    }

    @Override
    public String scalarDoc() {
        return "A decimal number as a string, so that no digit is lost.";
    }
}
