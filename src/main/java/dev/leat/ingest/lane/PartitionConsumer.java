package dev.leat.ingest.lane;

import dev.leat.ingest.topic.LogRange;
import dev.leat.pipeline.Stream;
import dev.leat.schema.wire.Records;
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
 * What a lane asks of the consumer that polls its partition. Never waits; any thread. Answers come from the polling thread,
 * which may itself be waiting for the lane to close.
 */
public interface PartitionConsumer {

    /** Kafka's id of the topic of that name now; empty where the broker gives none. */
    CompletableFuture<Optional<UUID>> topicId(String topic);

    CompletableFuture<LogRange> range(TopicPartition partition);

    /** The offset at which each partition of a topic begins that was never read, of those that the topic has now. */
    CompletableFuture<Map<Integer, Long>> starts(String topic, Stream.From from);

    /**
     * Begins an epoch at this offset and lets the partition flow; false when it is no longer ours.
     *
     * @param fills asked for each polled run, before it is offered, whether the partition is to pause now
     * @param epoch told the epoch, on the polling thread, before anything is polled in it
     */
    CompletableFuture<Boolean> flowFrom(
            TopicPartition partition, long offset, Predicate<Records> fills, IntConsumer epoch);

    /**
     * The scanned position past an offset gap: how far the log has been read after the last event that the lane has taken,
     * without another one.
     *
     * @param taken offset after that event
     * @return {@code taken} while later events are on their way to the lane; empty when the lane's epoch is over
     */
    CompletableFuture<OptionalLong> scannedTo(TopicPartition partition, int epoch, long taken);

    /** Ends the epoch: what is polled after this call is dropped, and soon nothing is polled. */
    void halt(TopicPartition partition);

    /**
     * Pauses or resumes the partition.
     *
     * @param isFull asked on the polling thread
     */
    void regulate(TopicPartition partition, BooleanSupplier isFull);

    /** Lets Kafka's committed offset follow the checkpoint. */
    void acknowledge(TopicPartition partition, long next);
}
