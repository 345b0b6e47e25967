package dev.leat.ingest;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one poll brought of a partition, on its way through the channel as a single record: of each record, the channel
 * makes five objects.
 */
final class PolledRun extends ConsumerRecord<byte[], byte[]> {

    private final int epoch;
    private final List<ConsumerRecord<byte[], byte[]>> records;

    /** @param epoch the one in which it was polled */
    PolledRun(int epoch, List<ConsumerRecord<byte[], byte[]>> records) {
        super(
                records.getFirst().topic(),
                records.getFirst().partition(),
                records.getFirst().offset(),
                null,
                null);
        this.epoch = epoch;
        this.records = records;
    }

    int epoch() {
        return epoch;
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }
}
