package dev.leat.ingest.channel;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Kafka's cooperative sticky assignor, for topics that are deleted and made again with fewer partitions. A member that still
 * owns a partition which isn't there any more fills its quota with it; then no member has room for one that is there, and every
 * rebalance fails with "No more unfilled consumers to be assigned", for ever. Such partitions are left out of what members own.
 * Its name on the wire is Kafka's, so that members with either can be in one group.
 */
@RegisterForReflection
public final class ExistingPartitionsAssignor extends CooperativeStickyAssignor {

    @Override
    public Map<String, List<TopicPartition>> assignPartitions(
            Map<String, List<PartitionInfo>> partitionsPerTopic, Map<String, Subscription> subscriptions) {
        Map<String, Subscription> existing = new HashMap<>();
        subscriptions.forEach((member, subscription) -> existing.put(member, owning(subscription, partitionsPerTopic)));
        return super.assignPartitions(partitionsPerTopic, existing);
    }

    private static Subscription owning(Subscription subscription, Map<String, List<PartitionInfo>> partitions) {
        List<TopicPartition> owned = subscription.ownedPartitions().stream()
                .filter(owns -> partitions.getOrDefault(owns.topic(), List.of()).stream()
                        .anyMatch(partition -> partition.partition() == owns.partition()))
                .toList();
        if (owned.size() == subscription.ownedPartitions().size()) {
            return subscription;
        }
        Subscription existing = new Subscription(
                subscription.topics(),
                subscription.userData(),
                owned,
                subscription.generationId().orElse(DEFAULT_GENERATION),
                subscription.rackId());
        existing.setGroupInstanceId(subscription.groupInstanceId());
        return existing;
    }
}
