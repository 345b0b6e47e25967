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
 * {@code {"type": value}} unless the union is of null and one type.
 */
final class AvroToJson {

    private final Function<Schema, ValueCodec> codecs;

    AvroToJson(Function<Schema, ValueCodec> codecs) {
        this.codecs = codecs;
    }

    void write(AvroCursor in, Schema schema, JsonGenerator json) throws IOException {
        switch (schema.getType()) {
            case NULL -> json.writeNull();
            case RECORD -> {
                in.spending().values(schema.getFields().size());
                in.spending().enter();
                json.writeStartObject();
                for (Schema.Field field : schema.getFields()) {
                    json.writeFieldName(field.name());
                    write(in, AvroTypes.schemaOf(field), json);
                }
                json.writeEndObject();
                in.spending().leave();
            }
            case ARRAY -> {
                in.spending().enter();
                json.writeStartArray();
                AvroBlocks.forEachItem(in, () -> write(in, schema.getElementType(), json));
                json.writeEndArray();
                in.spending().leave();
            }
            case MAP -> {
                in.spending().enter();
                json.writeStartObject();
                AvroBlocks.forEachItem(in, () -> {
                    json.writeFieldName(in.readString());
                    write(in, schema.getValueType(), json);
                });
                json.writeEndObject();
                in.spending().leave();
            }
            case UNION -> writeUnion(in, schema, json);
            default -> {
                ValueCodec codec = codecs.apply(schema);
                codec.writeJson(codec.read(in, schema), json);
            }
        }
    }

    private void writeUnion(AvroCursor in, Schema union, JsonGenerator json) throws IOException {
        Schema branch = in.readBranch(union);
        if (branch.getType() == Schema.Type.NULL || AvroTypes.optionalOf(union) != null) {
            write(in, branch, json);
            return;
        }
        in.spending().enter();
        json.writeStartObject();
        json.writeFieldName(branch.getFullName());
        write(in, branch, json);
        json.writeEndObject();
        in.spending().leave();
    }
}
