package dev.leat.schema.types.codec.time;

import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.codec.ValueCodec;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Timestamps to the nanosecond. Postgres has no time as fine as that, and keeps their number since 1970. */
public final class NanosCodec extends EpochCodec {

    private NanosCodec(Kind kind, LogicalType emitted, boolean local) {
        super(kind, emitted, local, EpochTimes.NANOS);
    }

    public static NanosCodec instants() {
        return new NanosCodec(Kind.TIMESTAMP_NANOS, LogicalTypes.timestampNanos(), false);
    }

    public static NanosCodec withoutZone() {
        return new NanosCodec(Kind.LOCAL_TIMESTAMP_NANOS, LogicalTypes.localTimestampNanos(), true);
    }

    /** Of a time in microseconds. */
    @Override
    protected Object widen(Object value, ValueCodec from) {
        return AvroTypes.scaled((Long) value, 1000);
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
    public Object ofStored(Object value, Schema schema) {
        return Math.multiplyExact(((Number) value).longValue(), isNanos(schema.getLogicalType()) ? 1L : 1000L);
    }

    private static boolean isNanos(LogicalType type) {
        return type instanceof LogicalTypes.TimestampNanos || type instanceof LogicalTypes.LocalTimestampNanos;
    }

    @Override
    public Object answer(Object selected) {
        return text((Long) selected);
    }

    @Override
    public Object parse(String text) {
        Instant time = isLocal()
                ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(text).toInstant();
        try {
            return EpochTimes.units(time, EpochTimes.NANOS);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too far from 1970");
        }
    }
}
