package dev.leat.view.deadletter;

import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hibernate.annotations.Immutable;

/** An event that waits until the right side of a view's join has come as far in event time. */
@Entity
@Immutable
@Table(name = "waiting_event")
public class WaitingEvent extends StoredEvent {

    /** How far the right side must have come; null: the event waits for those before it only. */
    public OffsetDateTime due;

    /** Whether it came out of its partition's order. */
    public boolean alone;

    /** By Postgres's clock. */
    @Column(name = "came_at")
    public OffsetDateTime cameAt;

    /** Whether the right side has come as far. */
    @Transient
    public boolean isKnown;

    static WaitingEvent of(ConsumerRecord<byte[], byte[]> record, Rows rows, int row, String view, boolean alone) {
        WaitingEvent event = new WaitingEvent();
        event.set(record, rows.stream().name(), view);
        event.due = rows.isDelete(row) ? null : PgTimes.timestamp(rows.eventTime(row));
        event.alone = alone;
        return event;
    }
}
