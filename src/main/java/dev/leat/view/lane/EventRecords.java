package dev.leat.view.lane;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records that events were made of, by offset, which must be one of them. */
@FunctionalInterface
public interface EventRecords {

    ConsumerRecord<byte[], byte[]> record(long offset);

    /** Its Kafka key alone, which may be had for less; null when it has none. */
    default byte[] key(long offset) {
        return record(offset).key();
    }
}
