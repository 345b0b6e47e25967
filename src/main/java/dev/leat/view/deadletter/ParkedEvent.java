package dev.leat.view.deadletter;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hibernate.annotations.Immutable;

/** An event that waits for a dead letter of its Kafka key. */
@Entity
@Immutable
@Table(name = "parked_event")
public class ParkedEvent extends StoredEvent {

    /** @param view null for all views of the stream */
    static ParkedEvent of(ConsumerRecord<byte[], byte[]> record, String stream, String view) {
        ParkedEvent event = new ParkedEvent();
        event.set(record, stream, view);
        return event;
    }
}
