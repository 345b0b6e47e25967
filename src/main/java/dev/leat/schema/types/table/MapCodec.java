package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Values of one simple type, or since they were widened of JSON, by text keys; a value may be null. */
final class MapCodec extends JsonbCodec {

    private static final JsonFactory JSON = new JsonFactory();

    private final ValueCodec element;

    MapCodec(ColumnType type, ValueCodec element) {
        super(type);
        this.element = element;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        Map<String, Object> values = new LinkedHashMap<>();
        AvroBlocks.forEachItem(in, () -> values.put(in.readString(), element.readOptional(in, schema.getValueType())));
        return values;
    }

    @Override
    protected Object widen(Object value, ValueCodec from) {
        if (!(from instanceof MapCodec)) {
            return entries((String) value);
        }
        ValueCodec narrower = ((MapCodec) from).element;
        Map<Object, Object> values = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((k, v) -> values.put(k, element.widened(v, narrower)));
        return values;
    }

    /** The entries of a JSON object, each value as its own text. */
    private static Map<Object, Object> entries(String json) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new AvroCursor.Malformed("a value is no map, as those before it are");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String key = in.currentName();
                JsonToken first = in.nextToken();
                int begin = (int) in.currentTokenLocation().getCharOffset();
                in.skipChildren();
                in.finishToken();
                String text = json.substring(begin, (int) in.currentLocation().getCharOffset());
                entries.put(key, first == JsonToken.VALUE_NULL ? null : text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        Map<?, ?> entries = (Map<?, ?>) value;
        out.writeMapStart();
        out.setItemCount(entries.size());
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            out.startItem();
            out.writeString((String) entry.getKey());
            element.writeOptional(entry.getValue(), schema.getValueType(), out);
        }
        out.writeMapEnd();
    }

    @Override
    protected Schema stored(String name) {
        return Schema.createMap(element.parquet(name));
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.CONVERTED;
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        Map<Object, Object> values = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((k, v) -> values.put(k, v == null ? null : element.toStored(v, null)));
        return values;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        Schema present = present(schema.getValueType());
        Map<Object, Object> values = new LinkedHashMap<>();
        ((Map<?, ?>) value)
                .forEach((k, v) -> values.put(k.toString(), v == null ? null : element.ofStored(v, present)));
        return values;
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
            json.writeFieldName((String) entry.getKey());
            element.writeJsonOrNull(entry.getValue(), json);
        }
        json.writeEndObject();
    }
}
