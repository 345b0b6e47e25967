package dev.leat.view.outbox;

import java.time.OffsetDateTime;

/**
 * The event that an emitted one comes from; of one that comes from a whole batch, the batch's last. For rows that no
 * event brings, as those of a final window, topic, partition and offset are null.
 *
 * @param timestamp Kafka's, which the emitted event gets too
 */
public record EventOrigin(String topic, Integer partition, Long offset, OffsetDateTime timestamp) {

    /** Of rows that become final at this time, without an event. */
    public static EventOrigin closing(OffsetDateTime at) {
        return new EventOrigin(null, null, null, at);
    }
}
