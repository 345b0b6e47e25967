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
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;

/** Timestamps to the nanosecond. Postgres has no time as fine as that, and keeps their number since 1970. */
public final class NanosCodec extends ValueCodec {

    private final boolean local;

    private NanosCodec(Kind kind, boolean local) {
        super(ColumnType.of(kind));
        this.local = local;
    }

    public static NanosCodec instants() {
        return new NanosCodec(Kind.TIMESTAMP_NANOS, false);
    }

    public static NanosCodec withoutZone() {
        return new NanosCodec(Kind.LOCAL_TIMESTAMP_NANOS, true);
    }

    @Override
    public PlainRead plainRead(Schema written, ColumnType into) {
        return PlainRead.LONG;
    }

    @Override
    public Object read(AvroCursor in, Schema schema) {
        return in.readLong();
    }

    /** Of a time in microseconds. */
    @Override
    protected Object widen(Object value, ValueCodec from) {
        return AvroTypes.scaled((Long) value, 1000);
    }

    @Override
    public void write(Object value, Schema schema, BinaryEncoder out) throws IOException {
        out.writeLong((Long) value);
    }

    @Override
    public Schema emitted() {
        return (local ? LogicalTypes.localTimestampNanos() : LogicalTypes.timestampNanos())
                .addToSchema(Schema.create(Schema.Type.LONG));
    }

    /** None: in Postgres it is a bigint like others. */
    @Override
    public List<String> postgresNames() {
        return List.of();
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return fill(new Long[rows.length], vector, rows, vector::longAt);
    }

    @Override
    public StoredAs storedAs() {
        return StoredAs.LONG;
    }

    @Override
    public Object ofStored(Object value, Schema schema) {
        return Math.multiplyExact(((Number) value).longValue(), isNanos(schema.getLogicalType()) ? 1L : 1000L);
    }

    private static boolean isNanos(LogicalType type) {
        return type instanceof LogicalTypes.TimestampNanos || type instanceof LogicalTypes.LocalTimestampNanos;
    }

    @Override
    public void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString(text((Long) value));
    }

    private String text(long nanos) {
        LocalDateTime time = EpochTimes.dateTime(nanos, EpochTimes.NANOS);
        return local ? time.toString() : time.toInstant(ZoneOffset.UTC).toString();
    }

    @Override
    public Object ofJson(JsonNode json) {
        String text = json.asText();
        return EpochTimes.units(
                local ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC) : Instant.parse(text), EpochTimes.NANOS);
    }

    @Override
    public Object answer(Object selected) {
        return text((Long) selected);
    }

    @Override
    public Object parse(String text) {
        Instant time = local
                ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(text).toInstant();
        try {
            return EpochTimes.units(time, EpochTimes.NANOS);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too far from 1970");
        }
    }

    @Override
    public String expected() {
        return TimestampCodec.expected(local);
    }
}
