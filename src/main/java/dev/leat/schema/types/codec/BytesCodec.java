package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Bytes, of any length or of a fixed one; base64 in JSON. */
public final class BytesCodec extends UniformCodec {

    public BytesCodec() {
        super(Kind.BYTES, Schema.create(Schema.Type.BYTES), StoredAs.CONVERTED, "base64");
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return in.readBytes(schema);
    }

    @Override
    protected Object widen(Object value, ValueCodec from) {
        return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : value;
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        byte[] bytes = (byte[]) value;
        if (schema.getType() != Schema.Type.FIXED) {
            out.writeBytes(bytes);
        } else if (schema.getFixedSize() == bytes.length) {
            out.writeFixed(bytes);
        } else {
            throw new AvroCursor.Malformed(bytes.length + " bytes aren't the " + schema.getFixedSize()
                    + " of the class's " + schema.getFullName());
        }
    }

    @Override
    public boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held) || isBytes(field) && held.kind() == Kind.BYTES;
    }

    static boolean isBytes(Schema field) {
        return field.getType() == Schema.Type.BYTES || field.getType() == Schema.Type.FIXED;
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new Buffer[rows.length], vector, rows, r -> Buffer.buffer((byte[]) vector.objectAt(r)));
    }

    @Override
    public String inArray(Object value) {
        return "\\x" + HexFormat.of().formatHex((byte[]) value);
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        return ByteBuffer.wrap((byte[]) value);
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return value instanceof ByteBuffer bytes
                ? bytes(bytes)
                : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString(Base64.getEncoder().encodeToString((byte[]) value));
    }

    @Override
    public Object ofJson(JsonNode json) {
        return Base64.getDecoder().decode(json.asText());
    }

    @Override
    public Object answer(Object selected) {
        return Base64.getEncoder().encodeToString(((Buffer) selected).getBytes());
    }

    @Override
    public Object parse(String text) {
        return Buffer.buffer(Base64.getDecoder().decode(text));
    }

    @Override
    public boolean isOrdered() {
        return false;
    }
}
