package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroDefaults;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.avro.AvroUnions;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Writes JSON as a value of any schema: what {@link AvroToJson} reads. */
final class JsonToAvro {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final Function<Schema, ValueCodec> codecs;

    JsonToAvro(Function<Schema, ValueCodec> codecs) {
        this.codecs = codecs;
    }

    void write(String text, Schema schema, BinaryEncoder out) throws IOException {
        try {
            write(JSON.readTree(text), schema, out);
        } catch (JsonProcessingException e) {
            throw new AvroCursor.Malformed("a column of JSON isn't JSON: " + e.getOriginalMessage());
        }
    }

    private void write(JsonNode json, Schema schema, BinaryEncoder out) throws IOException {
        switch (schema.getType()) {
            case NULL -> out.writeNull();
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    writeField(json, field, out);
                }
            }
            case ARRAY -> {
                out.writeArrayStart();
                out.setItemCount(json.size());
                for (JsonNode element : json) {
                    out.startItem();
                    write(element, schema.getElementType(), out);
                }
                out.writeArrayEnd();
            }
            case MAP -> {
                out.writeMapStart();
                out.setItemCount(json.size());
                for (Map.Entry<String, JsonNode> entry : json.properties()) {
                    out.startItem();
                    out.writeString(entry.getKey());
                    write(entry.getValue(), schema.getValueType(), out);
                }
                out.writeMapEnd();
            }
            case UNION -> writeUnion(json, schema, out);
            default -> {
                ValueCodec codec = codecs.apply(schema);
                codec.write(codec.ofJson(json), schema, out);
            }
        }
    }

    private void writeField(JsonNode record, Schema.Field field, BinaryEncoder out) throws IOException {
        JsonNode value = record.get(field.name());
        for (Iterator<String> i = field.aliases().iterator(); value == null && i.hasNext(); ) {
            value = record.get(i.next());
        }
        if (value != null) {
            write(value, AvroTypes.schemaOf(field), out);
        } else if (field.hasDefaultValue()) {
            AvroDefaults.write(field, out);
        } else {
            throw new AvroCursor.Malformed("field " + field.name() + " has no value, and no default");
        }
    }

    private void writeUnion(JsonNode json, Schema union, BinaryEncoder out) throws IOException {
        if (json.isNull()) {
            AvroUnions.writeNull(union, out);
            return;
        }
        Schema only = AvroTypes.optionalOf(union);
        Schema branch =
                only != null ? only : AvroUnions.branchNamed(json.fieldNames().next(), union);
        out.writeIndex(union.getTypes().indexOf(branch));
        write(only != null ? json : json.elements().next(), branch, out);
    }
}
