package dev.leat.view.deadletter;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records that events were decoded from, by offset. The offset must be that of an event. */
@FunctionalInterface
public interface EventRecords {

    ConsumerRecord<byte[], byte[]> record(long offset);

    /** Its Kafka key alone, which may be cheaper; null when it has none. */
    default byte[] key(long offset) {
        return record(offset).key();
    }
}
