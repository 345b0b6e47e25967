package dev.leat.ingest.channel;

import dev.leat.failure.UnavailableException;
import dev.leat.ingest.lane.Lanes;
import dev.leat.ingest.lane.PartitionConsumer;
import dev.leat.ingest.topic.KafkaTopics;
import dev.leat.ingest.topic.LogRange;
import dev.leat.pipeline.Stream;
import dev.leat.schema.wire.Records;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The one consumer over all declared topics. Offers each partition's records to its lane and never waits: a lane that has
 * enough pauses its own partition. A partition flows only after its lane has sought to the checkpoint.
 */
@ApplicationScoped
@Identifier(EventChannel.LISTENER)
public class EventChannel implements KafkaConsumerRebalanceListener, PartitionConsumer {

    static final String LISTENER = "lanes";

    private static final Duration COMMIT_WITHIN = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(EventChannel.class);

    private final KafkaClientService clients;
    private final Lanes lanes;
    private final SeekEpochs epochs;
    private final Acknowledgements acknowledgements;
    private final KafkaTopics topics;

    EventChannel(
            KafkaClientService clients,
            Lanes lanes,
            SeekEpochs epochs,
            Acknowledgements acknowledgements,
            KafkaTopics topics) {
        this.clients = clients;
        this.lanes = lanes;
        this.epochs = epochs;
        this.acknowledgements = acknowledgements;
        this.topics = topics;
    }

    /** Event loop. */
    @Incoming(ChannelConfig.NAME)
    Uni<Void> receive(ConsumerRecords<byte[], byte[]> records) {
        records.forEach(record -> {
            PolledRun run = (PolledRun) record;
            lanes.offer(new TopicPartition(run.topic(), run.partition()), run.epoch(), run.records());
        });
        return Uni.createFrom().voidItem();
    }

    /** Polling thread. */
    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        // Nothing may flow from Kafka's committed offset; each lane resumes its own partition after its seek.
        consumer.pause(partitions);
        partitions.forEach(p -> lanes.open(p, this));
    }

    /** Polling thread. Waits, within bounds, for the batches in hand: what they did is then committed to Kafka too. */
    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(epochs::end);
        lanes.close(partitions);
        Map<TopicPartition, OffsetAndMetadata> finished = acknowledgements.take(partitions);
        if (!finished.isEmpty()) {
            try {
                consumer.commitSync(finished);
            } catch (RuntimeException e) {
                // Postgres has the truth; the group's lag is wrong until the next owner commits.
                LOG.debugf("offsets of revoked partitions not committed error=%s", e.getMessage());
            }
        }
    }

    /** Before SmallRye closes the consumer: the last offsets still go out, so that a lag-based autoscaler sees no lag. */
    void onShutdown(@Observes @Priority(1) ShutdownEvent event) {
        Map<TopicPartition, OffsetAndMetadata> finished = acknowledgements.take(lanes.drain());
        if (finished.isEmpty()) {
            return;
        }
        try {
            onPollingThread(consumer -> {
                        consumer.commitSync(finished, COMMIT_WITHIN);
                        return null;
                    })
                    .get(COMMIT_WITHIN.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf("last offsets not committed error=%s", e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Optional<UUID>> topicId(String topic) {
        return topics.id(topic);
    }

    @Override
    public CompletableFuture<LogRange> range(TopicPartition partition) {
        return onPollingThread(consumer -> LogOffsets.range(consumer, partition));
    }

    @Override
    public CompletableFuture<Map<Integer, Long>> starts(String topic, Stream.From from) {
        return onPollingThread(consumer -> LogOffsets.starts(consumer, topic, from));
    }

    @Override
    public CompletableFuture<Boolean> flowFrom(
            TopicPartition partition, long offset, Predicate<Records> fills, IntConsumer epoch) {
        return onPollingThread(consumer -> {
            if (!consumer.assignment().contains(partition)) {
                return false;
            }
            consumer.seek(partition, offset);
            epoch.accept(epochs.begin(consumer, partition, offset, fills));
            consumer.resume(List.of(partition));
            return true;
        });
    }

    @Override
    public CompletableFuture<OptionalLong> scannedTo(TopicPartition partition, int epoch, long taken) {
        return onPollingThread(consumer -> epochs.scannedTo(partition, epoch, taken));
    }

    @Override
    public void halt(TopicPartition partition) {
        onPollingThread(consumer -> {
            epochs.end(partition);
            if (consumer.assignment().contains(partition)) {
                consumer.pause(List.of(partition));
            }
            return null;
        });
    }

    @Override
    public void regulate(TopicPartition partition, BooleanSupplier isFull) {
        onPollingThread(consumer -> {
            if (consumer.assignment().contains(partition)) {
                if (isFull.getAsBoolean()) {
                    consumer.pause(List.of(partition));
                } else {
                    consumer.resume(List.of(partition));
                }
            }
            return null;
        });
    }

    @Override
    public void acknowledge(TopicPartition partition, long next) {
        acknowledgements.acknowledge(partition, next, this::commit);
    }

    /** Tells Kafka, for those of the partitions that are still ours. */
    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        onPollingThread(consumer -> {
            offsets.keySet().retainAll(consumer.assignment());
            if (!offsets.isEmpty()) {
                consumer.commitAsync(offsets, (committed, failure) -> {
                    if (failure != null) {
                        LOG.debugf("offsets not committed error=%s", failure.getMessage());
                        // A rebalance, or the broker is away. Retried, or a lane that is idle now would keep its lag.
                        committed.forEach((partition, offset) -> acknowledge(partition, offset.offset()));
                    }
                });
            }
            return null;
        });
    }

    private <T> CompletableFuture<T> onPollingThread(Function<Consumer<byte[], byte[]>, T> action) {
        KafkaConsumer<byte[], byte[]> consumer = clients.getConsumer(ChannelConfig.NAME);
        if (consumer == null) {
            return CompletableFuture.failedFuture(new UnavailableException("the channel is closed", null));
        }
        return consumer.runOnPollingThread(action).subscribeAsCompletionStage();
    }
}
