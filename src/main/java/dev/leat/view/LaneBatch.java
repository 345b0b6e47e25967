package dev.leat.view;

import dev.leat.schema.Decoded;
import dev.leat.view.deadletter.ParkedKeys;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one transaction takes in.
 *
 * @param expected where the lane's checkpoint must stand now
 * @param next where it will stand then: the offset behind the last record
 * @param records the batch as Kafka gave it, by offset
 * @param decoded the same, as rows of streams and verdicts
 * @param parked the lane's parked keys, as they were after the batch before
 */
public record LaneBatch(
        String topic,
        int partition,
        long expected,
        long next,
        List<ConsumerRecord<byte[], byte[]>> records,
        Decoded decoded,
        ParkedKeys parked) {

    /** The same batch, for parked keys and columns that have changed meanwhile. */
    public LaneBatch with(Decoded again, ParkedKeys changed) {
        return new LaneBatch(topic, partition, expected, next, records, again, changed);
    }

    /** The record at this offset, which must be one of the batch. */
    ConsumerRecord<byte[], byte[]> record(long offset) {
        int low = 0;
        int high = records.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (records.get(middle).offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return records.get(low);
    }
}
