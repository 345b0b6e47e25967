package dev.leat.ingest.channel;

import dev.leat.schema.wire.Records;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one poll brought of a partition, on its way through the channel as a single record: of each record, the channel
 * makes five objects. Packed, so that what the polling thread has just had in hand is touched once, there.
 */
public final class PolledRun extends ConsumerRecord<byte[], byte[]> {

    private final int epoch;
    private final Records records;

    /** @param epoch the one in which it was polled */
    PolledRun(int epoch, Records records) {
        super(records.topic(), records.partition(), records.offset(0), null, null);
        this.epoch = epoch;
        this.records = records;
    }

    public int epoch() {
        return epoch;
    }

    public Records records() {
        return records;
    }
}
