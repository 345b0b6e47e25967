package dev.leat.schema.types.codec.time;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.types.avro.PlainRead;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.Temporal;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Timestamps to the microsecond: instants, and times on a clock without a zone. {@link NanosCodec} has the finer ones. */
public final class TimestampCodec extends EpochCodec {

    private TimestampCodec(Kind kind, LogicalType emitted, boolean local) {
        super(kind, emitted, local, EpochTimes.MICROS);
    }

    public static TimestampCodec instants() {
        return new TimestampCodec(Kind.TIMESTAMP, LogicalTypes.timestampMicros(), false);
    }

    public static TimestampCodec withoutZone() {
        return new TimestampCodec(Kind.LOCAL_TIMESTAMP, LogicalTypes.localTimestampMicros(), true);
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
    public List<String> postgresNames() {
        return List.of(isLocal() ? "timestamp without time zone" : "timestamp with time zone");
    }

    @Override
    public Object[] parameters(Vector vector, int[] rows) {
        return isLocal()
                ? fill(new LocalDateTime[rows.length], vector, rows, r -> PgTimes.timestamp(vector.longAt(r))
                        .toLocalDateTime())
                : fill(new OffsetDateTime[rows.length], vector, rows, r -> PgTimes.timestamp(vector.longAt(r)));
    }

    @Override
    public String inArray(Object value) {
        return PgTimes.text(PgTimes.timestamp((Long) value).toLocalDateTime(), isLocal() ? "" : "Z");
    }

    @Override
    public Object answer(Object selected) {
        if (selected.equals(LocalDateTime.MAX) || selected.equals(OffsetDateTime.MAX)) {
            return PgTimes.INFINITY;
        }
        // The client has a time for it that is before all that Postgres holds.
        if (PgTimes.isBeforeAll((Temporal) selected)) {
            return PgTimes.MINUS_INFINITY;
        }
        return isLocal()
                ? selected.toString()
                : ((OffsetDateTime) selected).toInstant().toString();
    }

    @Override
    public Object parse(String text) {
        if (PgTimes.isInfinite(text)) {
            return text;
        }
        return isLocal() ? PgTimes.inRange(LocalDateTime.parse(text)) : PgTimes.inRange(OffsetDateTime.parse(text));
    }

    @Override
    public String scalarDoc() {
        return isLocal()
                ? "A date and time without a zone, as 2026-01-31T23:59:59."
                : "An instant in UTC, as 2026-01-31T23:59:59Z.";
    }
}
