package dev.leat.ops.stream;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks Kafka where topics begin and end. Answers within {@link #TIMEOUT} or fails; never blocks the caller, since the
 * client resolves host names when it is created, which happens on a worker.
 */
@ApplicationScoped
class TopicOffsets {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Map<String, Object> settings;

    // Guarded by this: created at the first question, for a process that is never asked needs none.
    private Admin admin;

    TopicOffsets(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        settings = new HashMap<>(kafka);
        settings.keySet().retainAll(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    }

    /** First offset that a partition still has, and the one that its next event will get. */
    public record Range(long begin, long end) {

        /** As positions. */
        Range shifted(long by) {
            return new Range(begin + by, end + by);
        }
    }

    /** The ranges of all partitions of those topics that exist. */
    Uni<Map<TopicPartition, Range>> of(Set<String> topics) {
        return Uni.createFrom()
                .item(this::admin)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .chain(client -> partitions(client, topics).chain(found -> ranges(client, found)))
                .ifNoItem()
                .after(TIMEOUT)
                .fail();
    }

    private static Uni<Set<TopicPartition>> partitions(Admin client, Set<String> topics) {
        return Uni.join()
                .all(client.describeTopics(topics).topicNameValues().values().stream()
                        .map(TopicOffsets::existing)
                        .toList())
                .andFailFast()
                .map(found -> found.stream().flatMap(Set::stream).collect(Collectors.toSet()));
    }

    private static Uni<Set<TopicPartition>> existing(KafkaFuture<TopicDescription> described) {
        return uni(described)
                .map(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                        .collect(Collectors.toSet()))
                .onFailure(UnknownTopicOrPartitionException.class)
                .recoverWithItem(Set.of());
    }

    private static Uni<Map<TopicPartition, Range>> ranges(Admin client, Set<TopicPartition> partitions) {
        return Uni.combine()
                .all()
                .unis(
                        offsets(client, partitions, OffsetSpec.earliest()),
                        offsets(client, partitions, OffsetSpec.latest()))
                .with((begin, end) -> partitions.stream()
                        .collect(Collectors.toMap(
                                p -> p,
                                p -> new Range(begin.get(p).offset(), end.get(p).offset()))));
    }

    private static Uni<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            Admin client, Set<TopicPartition> partitions, OffsetSpec spec) {
        return uni(client.listOffsets(partitions.stream().collect(Collectors.toMap(p -> p, p -> spec)))
                .all());
    }

    private static <T> Uni<T> uni(KafkaFuture<T> future) {
        return Uni.createFrom().completionStage(future.toCompletionStage());
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(settings);
        }
        return admin;
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
