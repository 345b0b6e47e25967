package dev.leat.schema.types.codec.time;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.avro.PlainRead;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.time.LocalTime;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Times of day: microseconds since midnight. */
public final class TimeCodec extends ValueCodec {

    public TimeCodec() {
        super(ColumnType.of(Kind.TIME));
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return AvroTypes.unitFactor(written) == 1 ? PlainRead.LONG : PlainRead.MILLIS;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return AvroTypes.scaled(in.readLong(), AvroTypes.unitFactor(schema));
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        long time = EpochTimes.unscaled((Long) value, schema);
        if (schema.getType() == Schema.Type.INT) {
            out.writeInt(Math.toIntExact(time));
        } else {
            out.writeLong(time);
        }
    }

    @Override
    public Schema emitted() {
        return LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
    }

    @Override
    public List<String> postgresNames() {
        return List.of("time without time zone");
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new LocalTime[rows.length], vector, rows, r -> PgTimes.time(vector.longAt(r)));
    }

    @Override
    public String inArray(Object value) {
        return PgTimes.time((Long) value).toString();
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.LONG;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return ((Number) value).longValue();
    }

    /** Avro's writers don't check that it is within a day. What isn't is written as its number; Postgres refuses it. */
    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        long micros = (Long) value;
        json.writeString(
                PgTimes.isOfDay(micros) ? LocalTime.ofNanoOfDay(micros * 1000).toString() : value.toString());
    }

    @Override
    public Object ofJson(JsonNode json) {
        return LocalTime.parse(json.asText()).toNanoOfDay() / 1000;
    }

    @Override
    public Object parse(String text) {
        return LocalTime.parse(text);
    }

    @Override
    public String expected() {
        return "a time of day, as 23:59:59.999999";
    }

    @Override
    public String scalarDoc() {
        return "A time of day, as 23:59:59.999999.";
    }
}
