package dev.leat.ingest.topic;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Asks Kafka which topic a name stands for now. Thread-safe. An answer fails with Kafka's own exceptions: after three
 * seconds, or as {@link org.apache.kafka.common.errors.UnknownTopicOrPartitionException} where there is no such topic.
 */
@ApplicationScoped
public class KafkaTopics {

    private static final Duration WITHIN = Duration.ofSeconds(3);

    private final Map<String, Object> settings;
    private final Map<String, CompletableFuture<Optional<UUID>>> asked = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock: created at the first question, because a process that never asks needs none.
    private Admin admin;

    KafkaTopics(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        settings = new HashMap<>(kafka);
        settings.keySet().retainAll(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) WITHIN.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) WITHIN.toMillis());
    }

    /**
     * The topic's id; empty where the broker gives none. Callers who ask at the same time share an answer. The first call
     * resolves host names, so not for event loops.
     */
    public CompletableFuture<Optional<UUID>> id(String topic) {
        return asked.computeIfAbsent(topic, name -> describe(name).thenApply(KafkaTopics::id))
                .whenComplete((id, failure) -> asked.remove(topic));
    }

    /** The topic with the range of each partition. Not for event loops. */
    public CompletableFuture<KafkaTopic> find(String topic) {
        return describe(topic).thenCompose(description -> {
            CompletableFuture<Map<TopicPartition, ListOffsetsResultInfo>> beginnings =
                    offsets(description, OffsetSpec.earliest());
            return beginnings.thenCombine(offsets(description, OffsetSpec.latest()), (begin, end) -> {
                Map<Integer, LogRange> logs = new TreeMap<>();
                begin.forEach((partition, first) -> logs.put(
                        partition.partition(),
                        new LogRange(first.offset(), end.get(partition).offset())));
                return new KafkaTopic(topic, id(description).orElse(null), logs);
            });
        });
    }

    private CompletableFuture<TopicDescription> describe(String topic) {
        return future(admin().describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    private CompletableFuture<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            TopicDescription topic, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        topic.partitions().forEach(p -> asked.put(new TopicPartition(topic.name(), p.partition()), spec));
        return future(admin().listOffsets(asked).all());
    }

    private static Optional<UUID> id(TopicDescription topic) {
        Uuid id = topic.topicId();
        return id == null || id.equals(Uuid.ZERO_UUID)
                ? Optional.empty()
                : Optional.of(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
    }

    /** Fails with the cause itself. */
    private static <T> CompletableFuture<T> future(KafkaFuture<T> answer) {
        CompletableFuture<T> future = new CompletableFuture<>();
        answer.whenComplete((value, failure) -> {
            if (failure == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        return future;
    }

    private Admin admin() {
        lock.lock();
        try {
            if (admin == null) {
                admin = Admin.create(settings);
            }
            return admin;
        } finally {
            lock.unlock();
        }
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        } finally {
            lock.unlock();
        }
    }
}
