package dev.leat.schema.types.codec.time;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.avro.PlainRead;
import java.io.IOException;
import java.time.LocalTime;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Times of day: microseconds since midnight. */
public final class TimeCodec extends CountedCodec {

    private static final String END_OF_DAY = "24:00:00";

    public TimeCodec() {
        super(Kind.TIME, LogicalTypes.timeMicros(), "a time of day, as 23:59:59.999999");
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return AvroTypes.unitFactor(written) == 1 ? PlainRead.LONG : PlainRead.MILLIS;
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

    /** The client has no time at the very end of a day. */
    @Override
    public boolean isSelectedAsText() {
        return true;
    }

    @Override
    public Object answer(Object selected) {
        return selected.equals(END_OF_DAY)
                ? selected
                : LocalTime.parse((String) selected).toString();
    }

    @Override
    public Object parse(String text) {
        return text.equals(END_OF_DAY) ? text : LocalTime.parse(text);
    }

    @Override
    public String scalarDoc() {
        return "A time of day, as 23:59:59.999999.";
    }
}
