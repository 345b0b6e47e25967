package dev.leat.schema.types.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.UuidText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** UUIDs, of 16 bytes or of text. */
public final class UuidCodec extends UniformCodec {

    public UuidCodec() {
        super(
                Kind.UUID,
                LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING)),
                StoredAs.CONVERTED,
                "a UUID, as 123e4567-e89b-12d3-a456-426614174000");
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return in.readUuid(schema);
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        UUID uuid = (UUID) value;
        if (schema.getType() == Schema.Type.FIXED) {
            out.writeFixed(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array());
        } else {
            out.writeString(uuid.toString());
        }
    }

    @Override
    public boolean fits(Schema field, ColumnType held) {
        return super.fits(field, held)
                || field.getType() == Schema.Type.STRING
                || BytesCodec.isBytes(field) && held.kind() == Kind.UUID;
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new UUID[rows.length], vector, rows, r -> (UUID) vector.objectAt(r));
    }

    @Override
    protected Schema stored(String name) {
        return Schema.create(Schema.Type.STRING);
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        return value.toString();
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return UuidText.parse(value.toString());
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString(value.toString());
    }

    @Override
    public Object ofJson(JsonNode json) {
        return UuidText.parse(json.asText());
    }

    /** A key that was mistyped mustn't find another row. */
    @Override
    public Object parse(String text) {
        return UuidText.parse(text);
    }

    @Override
    public String scalarDoc() {
        return "A UUID, as 123e4567-e89b-12d3-a456-426614174000.";
    }
}
