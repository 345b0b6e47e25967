package dev.leat.schema.types.codec.time;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.schema.types.ColumnType.Kind;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.avro.LogicalType;

/** Timestamps as their number of units since 1970-01-01T00:00: instants, and times on a clock without a zone. */
abstract class EpochCodec extends CountedCodec {

    private final boolean local;
    private final long perSecond;

    /** @param perSecond units of a second */
    EpochCodec(Kind kind, LogicalType emitted, boolean local, long perSecond) {
        super(
                kind,
                emitted,
                local
                        ? "a date and time without a zone, as 2026-01-31T23:59:59"
                        : "an instant, as 2026-01-31T23:59:59Z (a + in a URL is %2B)");
        this.local = local;
        this.perSecond = perSecond;
    }

    final boolean isLocal() {
        return local;
    }

    final String text(long units) {
        LocalDateTime time = EpochTimes.dateTime(units, perSecond);
        return local ? time.toString() : time.toInstant(ZoneOffset.UTC).toString();
    }

    @Override
    public final void writeJson(Object value, JsonGenerator json) throws IOException {
        json.writeString(text((Long) value));
    }

    @Override
    public final Object ofJson(JsonNode json) {
        String text = json.asText();
        return EpochTimes.units(
                local ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC) : Instant.parse(text), perSecond);
    }
}
