package dev.leat.schema.types.codec.time;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.codec.WholeNumberCodec;
import java.io.IOException;
import java.time.LocalDate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Dates: days since 1970-01-01. */
public final class DateCodec extends WholeNumberCodec {

    public DateCodec() {
        super(Kind.DATE, LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)), "a date, as 2026-01-31");
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new LocalDate[rows.length], vector, rows, r -> PgTimes.date(vector.longAt(r)));
    }

    @Override
    public String inArray(Object value) {
        return PgTimes.text(PgTimes.date((Long) value), "");
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString(LocalDate.ofEpochDay((Long) value).toString());
    }

    @Override
    public Object ofJson(JsonNode json) {
        return LocalDate.parse(json.asText()).toEpochDay();
    }

    @Override
    public Object answer(Object selected) {
        if (selected.equals(LocalDate.MAX)) {
            return PgTimes.INFINITY;
        }
        return selected.equals(LocalDate.MIN) ? PgTimes.MINUS_INFINITY : selected.toString();
    }

    @Override
    public Object parse(String text) {
        return PgTimes.isInfinite(text) ? text : PgTimes.inRange(LocalDate.parse(text));
    }

    @Override
    public String scalarDoc() {
        return "A date, as 2026-01-31.";
    }
}
