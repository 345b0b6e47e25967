package dev.leat.ingest.channel;

import dev.leat.schema.wire.Records;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one poll brought of a partition, packed into a single record, because the channel makes five objects of each record.
 * Packed by the polling thread, which has just had the bytes in hand.
 */
final class PolledRun extends ConsumerRecord<byte[], byte[]> {

    private final int epoch;
    private final Records records;

    /** @param epoch the one in which it was polled */
    PolledRun(int epoch, Records records) {
        super(records.topic(), records.partition(), records.offset(0), null, null);
        this.epoch = epoch;
        this.records = records;
    }

    int epoch() {
        return epoch;
    }

    Records records() {
        return records;
    }
}
