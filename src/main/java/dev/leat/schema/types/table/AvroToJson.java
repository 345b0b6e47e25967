package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * Reads a value of any schema as JSON, as deep as it goes. Simple values are written as their codecs do; a union's value is
 * {@code {"type": value}} unless the union is of null and one type. For one value.
 */
final class AvroToJson {

    private final Function<Schema, ValueCodec> codecs;
    private final AvroCursor in;
    private final JsonGenerator json;

    AvroToJson(Function<Schema, ValueCodec> codecs, AvroCursor in, JsonGenerator json) {
        this.codecs = codecs;
        this.in = in;
        this.json = json;
    }

    /** @param lacking what is added to it; null for nothing */
    void write(Schema schema, JsonDefaults lacking) throws IOException {
        switch (schema.getType()) {
            case NULL -> json.writeNull();
            case RECORD -> {
                in.spending().values(schema.getFields().size());
                in.spending().enter();
                json.writeStartObject();
                for (Schema.Field field : schema.getFields()) {
                    json.writeFieldName(field.name());
                    write(AvroTypes.schemaOf(field), lacking == null ? null : lacking.of(field.name()));
                }
                if (lacking != null) {
                    lacking.write(json);
                }
                json.writeEndObject();
                in.spending().leave();
            }
            case ARRAY -> {
                in.spending().enter();
                json.writeStartArray();
                AvroBlocks.forEachItem(
                        in, () -> write(schema.getElementType(), lacking == null ? null : lacking.ofItem()));
                json.writeEndArray();
                in.spending().leave();
            }
            case MAP -> {
                in.spending().enter();
                json.writeStartObject();
                AvroBlocks.forEachItem(in, () -> {
                    json.writeFieldName(in.readString());
                    write(schema.getValueType(), lacking == null ? null : lacking.ofItem());
                });
                json.writeEndObject();
                in.spending().leave();
            }
            case UNION -> writeUnion(schema, lacking);
            default -> {
                ValueCodec codec = codecs.apply(schema);
                codec.writeJson(codec.read(in, schema), json);
            }
        }
    }

    private void writeUnion(Schema union, JsonDefaults lacking) throws IOException {
        Schema branch = in.readBranch(union);
        JsonDefaults ofBranch = lacking == null ? null : lacking.of(branch.getFullName());
        if (branch.getType() == Schema.Type.NULL || AvroTypes.optionalOf(union) != null) {
            write(branch, ofBranch);
            return;
        }
        in.spending().enter();
        json.writeStartObject();
        json.writeFieldName(branch.getFullName());
        write(branch, ofBranch);
        json.writeEndObject();
        in.spending().leave();
    }
}
