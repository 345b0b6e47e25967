package dev.leat.schema.types.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Whatever has no column type of its own, as JSON: nested records, and arrays and maps of what isn't simple. */
final class JsonCodec extends JsonbCodec {

    private final Function<Schema, ValueCodec> stored;
    private final Function<Schema, ValueCodec> codecs;
    private final JsonToAvro writing;

    /**
     * @param codecs the codec of a schema's own type
     * @param stored the codec of the type that a file's column had when it was written
     */
    JsonCodec(Function<Schema, ValueCodec> codecs, Function<Schema, ValueCodec> stored) {
        super(ColumnType.of(Kind.JSON));
        this.stored = stored;
        this.codecs = codecs;
        this.writing = new JsonToAvro(codecs);
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return read(in, schema, null);
    }

    Object read(AvroCursor in, Schema schema, JsonDefaults lacking) {
        BoundedText text = new BoundedText(in.spending()::chars);
        return json(text, json -> new AvroToJson(codecs, in, json).write(schema, lacking));
    }

    @Override
    protected Object widen(Object value, ValueCodec from) {
        return from.json(value);
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        writing.write((String) value, schema, out);
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new String[rows.length], vector, rows, r -> (String) vector.objectAt(r));
    }

    @Override
    public List<String> postgresNames() {
        return List.of("jsonb", "json");
    }

    /** A value that had a type of its own when the file was written becomes the JSON of that type. */
    @Override
    public Object ofStored(Object value, Schema schema) {
        if (schema.getType() == Schema.Type.STRING) {
            return value.toString();
        }
        ValueCodec written = stored.apply(schema);
        return written.json(written.ofStored(value, schema));
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeRawValue((String) value);
    }
}
