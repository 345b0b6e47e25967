package dev.leat.view.lane;

import dev.leat.schema.topic.Decoded;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.EventRecords;
import dev.leat.view.deadletter.ParkedKeys;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one transaction takes in.
 *
 * @param expected the lane's checkpoint before it
 * @param next the lane's checkpoint after it: the offset after the last record
 * @param records the batch as Kafka gave it, by offset
 * @param decoded the same, as rows of streams and rejected records
 * @param parked the lane's parked keys, as they were after the previous batch
 */
public record LaneBatch(
        String topic, int partition, long expected, long next, Records records, Decoded decoded, ParkedKeys parked)
        implements EventRecords {

    /** The same batch, decoded again for parked keys and columns that have changed since. */
    public LaneBatch with(Decoded again, ParkedKeys changed) {
        return new LaneBatch(topic, partition, expected, next, records, again, changed);
    }

    @Override
    public ConsumerRecord<byte[], byte[]> record(long offset) {
        return records.record(records.firstAtOrAbove(offset));
    }

    @Override
    public byte[] key(long offset) {
        return records.key(records.firstAtOrAbove(offset));
    }
}
