package dev.leat.schema.types;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.leat.schema.types.ColumnType.Branch;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Values as JSON: what has no column type of its own, read from Avro as deep as it goes, and the values of columns that
 * Postgres keeps as jsonb. Simple values are written as the type table says; a union's value stands as {@code {"type":
 * value}} unless the union is of null and one type. A value that is nested deeper than Jackson writes (1000) is refused.
 */
public final class JsonValue {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonValue() {}

    /** The value of a column as {@link Vector#valueAt} has it. */
    public static String of(Object value, ColumnType type) {
        return text(json -> write(value, type, json));
    }

    public static String read(AvroCursor in, Schema schema) {
        return text(json -> write(in, schema, json));
    }

    private static String text(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            writing.to(json);
        } catch (StreamConstraintsException e) {
            throw new AvroCursor.Malformed("a value is nested too deep: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(AvroCursor in, Schema schema, JsonGenerator json) throws IOException {
        switch (schema.getType()) {
            case NULL -> json.writeNull();
            case RECORD -> {
                json.writeStartObject();
                for (Schema.Field field : schema.getFields()) {
                    json.writeFieldName(field.name());
                    write(in, AvroTypes.schemaOf(field), json);
                }
                json.writeEndObject();
            }
            case ARRAY -> {
                json.writeStartArray();
                AvroValue.forEachItem(in, () -> write(in, schema.getElementType(), json));
                json.writeEndArray();
            }
            case MAP -> {
                json.writeStartObject();
                AvroValue.forEachItem(in, () -> {
                    json.writeFieldName(in.readString());
                    write(in, schema.getValueType(), json);
                });
                json.writeEndObject();
            }
            case UNION -> writeUnion(in, schema, json);
            default -> {
                ColumnType type = AvroTypes.columnType(schema);
                write(AvroValue.read(in, schema, type), type, json);
            }
        }
    }

    private static void writeUnion(AvroCursor in, Schema union, JsonGenerator json) throws IOException {
        Schema branch = AvroValue.branch(in, union);
        if (branch.getType() == Schema.Type.NULL || AvroTypes.optionalOf(union) != null) {
            write(in, branch, json);
            return;
        }
        json.writeStartObject();
        json.writeFieldName(branch.getFullName());
        write(in, branch, json);
        json.writeEndObject();
    }

    private static void write(Object value, ColumnType type, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> json.writeBoolean((Boolean) value);
            case INT, LONG -> json.writeNumber((Long) value);
            case FLOAT -> json.writeNumber(((Double) value).floatValue());
            case DOUBLE -> json.writeNumber((Double) value);
            case JSON -> json.writeRawValue((String) value);
            case ARRAY -> {
                json.writeStartArray();
                for (Object element : (List<?>) value) {
                    write(element, type.element(), json);
                }
                json.writeEndArray();
            }
            case MAP -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    json.writeFieldName((String) entry.getKey());
                    write(entry.getValue(), type.element(), json);
                }
                json.writeEndObject();
            }
            case UNION -> {
                Branch branch = (Branch) value;
                json.writeStartObject();
                json.writeFieldName(branch.name());
                write(branch.value(), type.branch(branch.name()), json);
                json.writeEndObject();
            }
            default -> json.writeString(text(value, type));
        }
    }

    /** A value that JSON writes as a string. */
    private static String text(Object value, ColumnType type) {
        return switch (type.kind()) {
            case BYTES -> Base64.getEncoder().encodeToString((byte[]) value);
            case DATE -> LocalDate.ofEpochDay((Long) value).toString();
            // Avro's writers don't check it; where it is a column's, Postgres's side refuses it.
            case TIME ->
                isOfDay((Long) value)
                        ? LocalTime.ofNanoOfDay((Long) value * 1000).toString()
                        : value.toString();
            case TIMESTAMP ->
                dateTime((Long) value, 1_000_000).toInstant(ZoneOffset.UTC).toString();
            case TIMESTAMP_NANOS ->
                dateTime((Long) value, 1_000_000_000).toInstant(ZoneOffset.UTC).toString();
            case LOCAL_TIMESTAMP -> dateTime((Long) value, 1_000_000).toString();
            case LOCAL_TIMESTAMP_NANOS -> dateTime((Long) value, 1_000_000_000).toString();
            case DECIMAL -> type.hasDigits() ? ((BigDecimal) value).toPlainString() : value.toString();
            default -> value.toString();
        };
    }

    private static boolean isOfDay(long micros) {
        return micros >= 0 && micros < 86_400_000_000L;
    }

    private static LocalDateTime dateTime(long units, long perSecond) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(units, perSecond),
                (int) (Math.floorMod(units, perSecond) * (1_000_000_000 / perSecond)),
                ZoneOffset.UTC);
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }
}
