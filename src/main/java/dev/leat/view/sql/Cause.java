package dev.leat.view.sql;

import dev.leat.schema.Rows;
import dev.leat.view.outbox.Source;
import dev.leat.view.statement.PgArrays;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * The events that bring rows to a view.
 *
 * @param topic on which they came
 * @param all what a row comes from that several of them have changed
 */
record Cause(String topic, Source all) {

    /** @param events rows of the batch, ascending; never empty */
    static Cause of(Rows rows, int[] events) {
        int last = events[events.length - 1];
        Source source = new Source(
                rows.stream().topic(),
                rows.partition(),
                rows.offset(last),
                PgArrays.timestamp(rows.timestampMicros(last)));
        return new Cause(source.topic(), source);
    }

    /** Events that bring rows only now, because nothing has met them. */
    static Cause closing(String topic, Instant through) {
        return new Cause(topic, Source.closing(through.atOffset(ZoneOffset.UTC)));
    }

    /** The one that a row of the result comes from, which has {@code _partition}, {@code _offset} and {@code _timestamp}. */
    Source of(Row row) {
        return new Source(
                topic, row.getInteger("_partition"), row.getLong("_offset"), row.getOffsetDateTime("_timestamp"));
    }
}
