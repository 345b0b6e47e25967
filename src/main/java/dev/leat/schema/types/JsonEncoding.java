package dev.leat.schema.types;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;

/** Writes JSON in Avro's binary encoding: what {@link JsonValue} reads, the other way round. */
final class JsonEncoding {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final long NANOS = 1_000_000_000;

    private JsonEncoding() {}

    static void write(String text, Schema schema, BinaryEncoder out) throws IOException {
        try {
            write(JSON.readTree(text), schema, out);
        } catch (JsonProcessingException e) {
            throw new AvroCursor.Malformed("a column of JSON isn't JSON: " + e.getOriginalMessage());
        }
    }

    private static void write(JsonNode json, Schema schema, BinaryEncoder out) throws IOException {
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
                for (Iterator<Map.Entry<String, JsonNode>> i = json.fields(); i.hasNext(); ) {
                    Map.Entry<String, JsonNode> entry = i.next();
                    out.startItem();
                    out.writeString(entry.getKey());
                    write(entry.getValue(), schema.getValueType(), out);
                }
                out.writeMapEnd();
            }
            case UNION -> writeUnion(json, schema, out);
            default -> {
                ColumnType type = AvroTypes.columnType(schema);
                AvroEncoding.write(value(json, type), schema, type, out);
            }
        }
    }

    private static void writeField(JsonNode record, Schema.Field field, BinaryEncoder out) throws IOException {
        JsonNode value = record.get(field.name());
        for (Iterator<String> i = field.aliases().iterator(); value == null && i.hasNext(); ) {
            value = record.get(i.next());
        }
        if (value != null) {
            write(value, AvroTypes.schemaOf(field), out);
        } else if (field.hasDefaultValue()) {
            new GenericDatumWriter<>(field.schema())
                    .write(
                            field.defaultVal() == JsonProperties.NULL_VALUE
                                    ? null
                                    : GenericData.get().getDefaultValue(field),
                            out);
        } else {
            throw new AvroCursor.Malformed("field " + field.name() + " has no value, and no default");
        }
    }

    private static void writeUnion(JsonNode json, Schema union, BinaryEncoder out) throws IOException {
        if (json.isNull()) {
            AvroEncoding.writeNull(union, out);
            return;
        }
        Schema only = AvroTypes.optionalOf(union);
        Schema branch =
                only != null ? only : AvroEncoding.branchNamed(json.fieldNames().next(), union);
        out.writeIndex(union.getTypes().indexOf(branch));
        write(only != null ? json : json.elements().next(), branch, out);
    }

    /** A value as a column of this type would have it. */
    private static Object value(JsonNode json, ColumnType type) {
        String text = json.asText();
        return switch (type.kind()) {
            case BOOLEAN -> json.booleanValue();
            case INT, LONG -> json.longValue();
            // Also "NaN" and its like.
            case FLOAT, DOUBLE -> Double.valueOf(text);
            case BYTES -> Base64.getDecoder().decode(text);
            case DATE -> LocalDate.parse(text).toEpochDay();
            case TIME -> LocalTime.parse(text).toNanoOfDay() / 1000;
            case TIMESTAMP -> epoch(Instant.parse(text), 1_000_000);
            case TIMESTAMP_NANOS -> epoch(Instant.parse(text), NANOS);
            case LOCAL_TIMESTAMP -> epoch(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC), 1_000_000);
            case LOCAL_TIMESTAMP_NANOS -> epoch(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC), NANOS);
            case DECIMAL -> new BigDecimal(text);
            case UUID -> UUID.fromString(text);
            default -> text;
        };
    }

    private static long epoch(Instant time, long perSecond) {
        long fraction = time.getNano() / (NANOS / perSecond);
        // The whole seconds of the first time of all are out of range alone.
        return time.getEpochSecond() < 0
                ? Math.addExact(Math.multiplyExact(time.getEpochSecond() + 1, perSecond), fraction - perSecond)
                : Math.addExact(Math.multiplyExact(time.getEpochSecond(), perSecond), fraction);
    }
}
