package dev.leat.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The demo's topics. One that exists is left as it is. */
record DemoTopics(DemoConfig config, Map<String, Object> kafka) {

    /** Blocks. */
    void createMissing() throws InterruptedException, ExecutionException {
        NewTopic rides = new NewTopic(config.ridesTopic(), Optional.of(config.partitions()), replication());
        NewTopic zones = new NewTopic(config.zonesTopic(), Optional.of(1), replication())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        try (Admin admin = Admin.create(kafka)) {
            for (NewTopic topic : List.of(rides, zones)) {
                create(admin, topic);
                requireLeaders(admin, topic.name());
            }
        }
    }

    /**
     * Fails until every partition can be written to. A first batch that is sent earlier is refused, and the next one may be
     * accepted; then the broker refuses each retry of the first as out of order.
     */
    private static void requireLeaders(Admin admin, String topic) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> ends =
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                        .collect(Collectors.toMap(
                                p -> new TopicPartition(topic, p.partition()), p -> OffsetSpec.latest()));
        admin.listOffsets(ends).all().get();
    }

    private static void create(Admin admin, NewTopic topic) throws InterruptedException, ExecutionException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private Optional<Short> replication() {
        return config.replication() < 0 ? Optional.empty() : Optional.of(config.replication());
    }
}
