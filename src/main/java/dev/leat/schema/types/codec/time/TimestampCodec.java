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
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Timestamps to the microsecond: instants, and times on a clock without a zone. {@link NanosCodec} has the finer ones. */
public final class TimestampCodec extends ValueCodec {

    private final boolean local;

    private TimestampCodec(Kind kind, boolean local) {
        super(ColumnType.of(kind));
        this.local = local;
    }

    public static TimestampCodec instants() {
        return new TimestampCodec(Kind.TIMESTAMP, false);
    }

    public static TimestampCodec withoutZone() {
        return new TimestampCodec(Kind.LOCAL_TIMESTAMP, true);
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        boolean micros = AvroTypes.unitFactor(written) == 1;
        if (into.kind() != type().kind()) {
            return micros ? PlainRead.MICROS_TO_NANOS : PlainRead.MILLIS_TO_NANOS;
        }
        return micros ? PlainRead.LONG : PlainRead.MILLIS;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return AvroTypes.scaled(in.readLong(), AvroTypes.unitFactor(schema));
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeLong(EpochTimes.unscaled((Long) value, schema));
    }

    @Override
    public Schema emitted() {
        return (local ? LogicalTypes.localTimestampMicros() : LogicalTypes.timestampMicros())
                .addToSchema(Schema.create(Schema.Type.LONG));
    }

    @Override
    public List<String> postgresNames() {
        return List.of(local ? "timestamp without time zone" : "timestamp with time zone");
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return local
                ? fill(new LocalDateTime[rows.length], vector, rows, r -> PgTimes.timestamp(vector.longAt(r))
                        .toLocalDateTime())
                : fill(new OffsetDateTime[rows.length], vector, rows, r -> PgTimes.timestamp(vector.longAt(r)));
    }

    @Override
    public String inArray(Object value) {
        return PgTimes.text(PgTimes.timestamp((Long) value).toLocalDateTime(), local ? "" : "Z");
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.LONG;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return ((Number) value).longValue();
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        LocalDateTime time = EpochTimes.dateTime((Long) value, EpochTimes.MICROS);
        json.writeString(
                local ? time.toString() : time.toInstant(ZoneOffset.UTC).toString());
    }

    @Override
    public Object ofJson(JsonNode json) {
        String text = json.asText();
        return EpochTimes.units(
                local ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC) : Instant.parse(text), EpochTimes.MICROS);
    }

    @Override
    public Object answer(Object selected) {
        return local
                ? selected.toString()
                : ((OffsetDateTime) selected).toInstant().toString();
    }

    @Override
    public Object parse(String text) {
        return local ? PgTimes.inRange(LocalDateTime.parse(text)) : PgTimes.inRange(OffsetDateTime.parse(text));
    }

    @Override
    public String expected() {
        return expected(local);
    }

    static String expected(boolean local) {
        return local
                ? "a date and time without a zone, as 2026-01-31T23:59:59"
                : "an instant, as 2026-01-31T23:59:59Z (a + in a URL is %2B)";
    }

    @Override
    public String scalarDoc() {
        return local
                ? "A date and time without a zone, as 2026-01-31T23:59:59."
                : "An instant in UTC, as 2026-01-31T23:59:59Z.";
    }
}
