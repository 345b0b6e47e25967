package dev.leat.view.sql;

import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.view.outbox.EventOrigin;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * The events that bring rows to a view.
 *
 * @param topic on which they came
 * @param all what a row comes from that several of them have changed
 */
record EmitCause(String topic, EventOrigin all) {

    /** @param events rows of the batch, ascending; never empty */
    static EmitCause of(Rows rows, int[] events) {
        int last = events[events.length - 1];
        EventOrigin origin = new EventOrigin(
                rows.stream().topic(),
                rows.partition(),
                rows.offset(last),
                PgTimes.timestamp(rows.timestampMicros(last)));
        return new EmitCause(origin.topic(), origin);
    }

    /** Unmatched events of a left join, whose rows appear when the join is closed. */
    static EmitCause closing(String topic, Instant through) {
        return new EmitCause(topic, EventOrigin.closing(through.atOffset(ZoneOffset.UTC)));
    }

    /** The one that a row of the result comes from, which has {@code _partition}, {@code _offset} and {@code _timestamp}. */
    EventOrigin of(Row row) {
        return new EventOrigin(
                topic, row.getInteger("_partition"), row.getLong("_offset"), row.getOffsetDateTime("_timestamp"));
    }
}
