package dev.leat.ingest.lane;

import dev.leat.ingest.topic.LogRange;
import dev.leat.pipeline.Stream;
import dev.leat.schema.wire.Records;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * A lane's consumer, in positions: Kafka's offsets plus the base of the topic that the lane reads now. So everything above
 * sees one log that only grows, whichever topics of that name there were.
 */
final class ContinuedTopic implements PartitionConsumer {

    private final PartitionConsumer kafka;

    // Set by the lane while nothing flows; read by the channel's event loop and the polling thread.
    private volatile long base;

    ContinuedTopic(PartitionConsumer kafka) {
        this.kafka = kafka;
    }

    /** Before the lane asks for anything else. */
    void begin(long offsetBase) {
        base = offsetBase;
    }

    /** What was polled, at its positions. */
    Records positioned(Records polled) {
        return polled.shifted(base);
    }

    @Override
    public CompletableFuture<Optional<UUID>> topicId(String topic) {
        return kafka.topicId(topic);
    }

    @Override
    public CompletableFuture<LogRange> range(TopicPartition partition) {
        return kafka.range(partition).thenApply(range -> range.shifted(base));
    }

    @Override
    public CompletableFuture<Map<Integer, Long>> starts(String topic, Stream.From from) {
        return kafka.starts(topic, from).thenApply(starts -> {
            Map<Integer, Long> positions = new HashMap<>();
            starts.forEach((partition, start) -> positions.put(partition, start + base));
            return positions;
        });
    }

    @Override
    public CompletableFuture<Boolean> flowFrom(
            TopicPartition partition, long position, Predicate<Records> fills, IntConsumer epoch) {
        return kafka.flowFrom(partition, position - base, fills, epoch);
    }

    @Override
    public CompletableFuture<OptionalLong> scannedTo(TopicPartition partition, int epoch, long taken) {
        return kafka.scannedTo(partition, epoch, taken - base)
                .thenApply(scanned -> scanned.isPresent() ? OptionalLong.of(scanned.getAsLong() + base) : scanned);
    }

    @Override
    public void halt(TopicPartition partition) {
        kafka.halt(partition);
    }

    @Override
    public void regulate(TopicPartition partition, BooleanSupplier isFull) {
        kafka.regulate(partition, isFull);
    }

    @Override
    public void acknowledge(TopicPartition partition, long next) {
        kafka.acknowledge(partition, next - base);
    }
}
