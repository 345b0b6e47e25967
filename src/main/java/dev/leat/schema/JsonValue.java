package dev.leat.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.apache.avro.Schema;

/**
 * Reads a value that has no column type of its own as JSON: arrays, maps, records and unions, as deep as they go. Bytes
 * become base64; a union's value stands as {@code {"type": value}} unless the union is of null and one type.
 */
final class JsonValue {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonValue() {}

    static String read(Cursor in, Schema schema) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(in, schema, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(Cursor in, Schema schema, JsonGenerator json) throws IOException {
        switch (schema.getType()) {
            case NULL -> json.writeNull();
            case BOOLEAN -> json.writeBoolean(in.readBoolean());
            case INT -> json.writeNumber(in.readInt());
            case LONG -> json.writeNumber(in.readLong());
            case FLOAT -> json.writeNumber(in.readFloat());
            case DOUBLE -> json.writeNumber(in.readDouble());
            case STRING -> json.writeString(in.readString());
            case ENUM -> json.writeString(symbol(in, schema));
            case BYTES -> json.writeString(Base64.getEncoder().encodeToString(in.readBytes()));
            case FIXED -> json.writeString(Base64.getEncoder().encodeToString(in.readFixed(schema.getFixedSize())));
            case RECORD -> {
                json.writeStartObject();
                for (Schema.Field field : schema.getFields()) {
                    json.writeFieldName(field.name());
                    write(in, field.schema(), json);
                }
                json.writeEndObject();
            }
            case ARRAY -> {
                json.writeStartArray();
                forEachItem(in, () -> write(in, schema.getElementType(), json));
                json.writeEndArray();
            }
            case MAP -> {
                json.writeStartObject();
                forEachItem(in, () -> {
                    json.writeFieldName(in.readString());
                    write(in, schema.getValueType(), json);
                });
                json.writeEndObject();
            }
            case UNION -> writeUnion(in, schema, json);
        }
    }

    private static void writeUnion(Cursor in, Schema union, JsonGenerator json) throws IOException {
        Schema branch = branch(in, union);
        if (branch.getType() == Schema.Type.NULL || AvroTypes.optionalOf(union) != null) {
            write(in, branch, json);
            return;
        }
        json.writeStartObject();
        json.writeFieldName(branch.getFullName());
        write(in, branch, json);
        json.writeEndObject();
    }

    static Schema branch(Cursor in, Schema union) {
        int index = in.readInt();
        if (index < 0 || index >= union.getTypes().size()) {
            throw new Cursor.Malformed("a union of " + union.getTypes().size() + " has branch " + index);
        }
        return union.getTypes().get(index);
    }

    static String symbol(Cursor in, Schema schema) {
        int index = in.readInt();
        if (index < 0 || index >= schema.getEnumSymbols().size()) {
            throw new Cursor.Malformed("an enum of " + schema.getEnumSymbols().size() + " symbols has number " + index);
        }
        return schema.getEnumSymbols().get(index);
    }

    /** Blocks of items: a count, negative if the block's size in bytes follows; a count of 0 ends them. */
    private static void forEachItem(Cursor in, Item item) throws IOException {
        for (long count = in.readLong(); count != 0; count = in.readLong()) {
            if (count < 0) {
                count = -count;
                in.readLong();
            }
            for (long i = 0; i < count; i++) {
                if (in.remaining() == 0 && count > 1_000_000) {
                    throw new Cursor.Malformed("a block claims " + count + " items");
                }
                item.write();
            }
        }
    }

    private interface Item {
        void write() throws IOException;
    }
}
