package dev.leat.schema.types.codec.time;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import dev.leat.schema.types.codec.StoredAs;
import dev.leat.schema.types.codec.ValueCodec;
import java.io.IOException;
import java.time.LocalDate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Dates: days since 1970-01-01. */
public final class DateCodec extends ValueCodec {

    public DateCodec() {
        super(ColumnType.of(Kind.DATE));
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return PlainRead.INT;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return (long) in.readInt();
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeInt(Math.toIntExact((Long) value));
    }

    @Override
    public Schema emitted() {
        return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
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
    public StoredAs storedAs() {
        return StoredAs.INT;
    }

    @Override
    public Object toStored(Object value, Schema schema) {
        return ((Long) value).intValue();
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return ((Number) value).longValue();
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
    public Object parse(String text) {
        return PgTimes.inRange(LocalDate.parse(text));
    }

    @Override
    public String expected() {
        return "a date, as 2026-01-31";
    }

    @Override
    public String scalarDoc() {
        return "A date, as 2026-01-31.";
    }
}
