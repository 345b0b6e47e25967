package dev.leat.ingest.channel;

import dev.leat.ingest.lane.Lanes;
import dev.leat.ingest.lane.Mailbox;
import dev.leat.pipeline.Stream;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The one consumer over all declared topics. Hands each partition's records to its lane and never waits: a lane that has
 * enough pauses its own partition. A partition flows only after its lane has sought to the checkpoint.
 */
@ApplicationScoped
@Identifier(EventChannel.LISTENER)
public class EventChannel implements KafkaConsumerRebalanceListener {

    static final String NAME = "events";
    static final String LISTENER = "lanes";
    /** For a question to the broker: as long as it isn't answered, nothing is polled. */
    static final Duration ASK_WITHIN = Duration.ofSeconds(5);

    private static final Duration COMMIT_WITHIN = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(EventChannel.class);

    private final KafkaClientService clients;
    private final Lanes lanes;
    private final SeekEpochs epochs;

    EventChannel(KafkaClientService clients, Lanes lanes, SeekEpochs epochs) {
        this.clients = clients;
        this.lanes = lanes;
        this.epochs = epochs;
    }

    /**
     * Where a partition's log begins and ends now.
     *
     * @param beginning offset of the first event that the broker still has
     * @param end offset behind the last one
     */
    public record Range(long beginning, long end) {}

    /** Event loop. */
    @Incoming(NAME)
    Uni<Void> receive(ConsumerRecords<byte[], byte[]> records) {
        records.forEach(run -> lanes.offer((PolledRun) run));
        return Uni.createFrom().voidItem();
    }

    /** Polling thread. */
    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        // Nothing may flow from where Kafka thinks we are; each lane resumes its own after its seek.
        consumer.pause(partitions);
        partitions.forEach(p -> lanes.open(p, this));
    }

    /** Polling thread. Waits, within bounds, for the batches in hand: what they did is then committed to Kafka too. */
    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(epochs::end);
        Map<TopicPartition, OffsetAndMetadata> finished = lanes.close(partitions);
        if (!finished.isEmpty()) {
            try {
                consumer.commitSync(finished);
            } catch (RuntimeException e) {
                // Postgres knows better; the group's lag is wrong until the next owner commits.
                LOG.debugf("offsets of revoked partitions not committed error=%s", e.getMessage());
            }
        }
    }

    /** Before SmallRye closes the consumer: the last offsets still go out, so that a lag-based autoscaler sees none. */
    void onShutdown(@Observes @Priority(1) ShutdownEvent event) {
        Map<TopicPartition, OffsetAndMetadata> finished = lanes.drain();
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

    public CompletableFuture<Range> range(TopicPartition partition) {
        return onPollingThread(consumer -> new Range(
                consumer.beginningOffsets(List.of(partition), ASK_WITHIN).get(partition),
                consumer.endOffsets(List.of(partition), ASK_WITHIN).get(partition)));
    }

    /** The offset at which each partition of a topic begins that was never read, of those that the topic has now. */
    public CompletableFuture<Map<Integer, Long>> starts(String topic, Stream.From from) {
        return onPollingThread(consumer -> {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, ASK_WITHIN).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            return starts(consumer, partitions, from).entrySet().stream()
                    .collect(Collectors.toMap(start -> start.getKey().partition(), Map.Entry::getValue));
        });
    }

    private static Map<TopicPartition, Long> starts(
            Consumer<?, ?> consumer, List<TopicPartition> partitions, Stream.From from) {
        return switch (from) {
            case Stream.From.Earliest ignored -> consumer.beginningOffsets(partitions, ASK_WITHIN);
            case Stream.From.Latest ignored -> consumer.endOffsets(partitions, ASK_WITHIN);
            case Stream.From.At at -> {
                Map<TopicPartition, Long> starts = new HashMap<>(consumer.endOffsets(partitions, ASK_WITHIN));
                Map<TopicPartition, Long> asked = partitions.stream()
                        .collect(Collectors.toMap(p -> p, p -> at.timestamp().toEpochMilli()));
                consumer.offsetsForTimes(asked, ASK_WITHIN).forEach((partition, found) -> {
                    if (found != null) {
                        starts.put(partition, found.offset());
                    }
                });
                yield starts;
            }
        };
    }

    /**
     * Begins an epoch at this offset and lets the partition flow; false when it is no longer ours.
     *
     * @param mailbox told of what is polled
     * @param epoch told the epoch, on the polling thread, before anything is polled in it
     */
    public CompletableFuture<Boolean> flowFrom(
            TopicPartition partition, long offset, Mailbox mailbox, IntConsumer epoch) {
        return onPollingThread(consumer -> {
            if (!consumer.assignment().contains(partition)) {
                return false;
            }
            consumer.seek(partition, offset);
            epoch.accept(epochs.begin(consumer, partition, offset, mailbox::announce));
            consumer.resume(List.of(partition));
            return true;
        });
    }

    /** See {@link SeekEpochs#quietUntil}. */
    public CompletableFuture<OptionalLong> quietUntil(TopicPartition partition, int epoch, long taken) {
        return onPollingThread(consumer -> epochs.quietUntil(partition, epoch, taken));
    }

    /** Ends the epoch: what is polled after this call is dropped, and nothing is polled for long. */
    public CompletableFuture<Void> halt(TopicPartition partition) {
        return onPollingThread(consumer -> {
            epochs.end(partition);
            if (consumer.assignment().contains(partition)) {
                consumer.pause(List.of(partition));
            }
            return null;
        });
    }

    /** Pauses or resumes the partition, as the mailbox wants it by the time the polling thread gets there. */
    public void regulate(TopicPartition partition, Mailbox mailbox) {
        onPollingThread(consumer -> {
            if (consumer.assignment().contains(partition)) {
                if (mailbox.isFull()) {
                    consumer.pause(List.of(partition));
                } else {
                    consumer.resume(List.of(partition));
                }
            }
            return null;
        });
    }

    /**
     * Tells Kafka, for those of the partitions that are still ours.
     *
     * @param onFailure told which offsets Kafka hasn't taken (a rebalance is under way, the broker is away)
     */
    void commit(
            Map<TopicPartition, OffsetAndMetadata> offsets,
            java.util.function.Consumer<Map<TopicPartition, OffsetAndMetadata>> onFailure) {
        onPollingThread(consumer -> {
            offsets.keySet().retainAll(consumer.assignment());
            if (!offsets.isEmpty()) {
                consumer.commitAsync(offsets, (committed, failure) -> {
                    if (failure != null) {
                        LOG.debugf("offsets not committed error=%s", failure.getMessage());
                        onFailure.accept(committed);
                    }
                });
            }
            return null;
        });
    }

    private <T> CompletableFuture<T> onPollingThread(Function<Consumer<byte[], byte[]>, T> action) {
        KafkaConsumer<byte[], byte[]> consumer = clients.getConsumer(NAME);
        if (consumer == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("the channel is closed"));
        }
        return consumer.runOnPollingThread(action).subscribeAsCompletionStage();
    }
}
