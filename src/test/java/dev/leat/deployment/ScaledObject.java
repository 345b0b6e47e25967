package dev.leat.deployment;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/** As much of KEDA's ScaledObject as we use; any other field is refused. */
record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

    record Spec(
            Target scaleTargetRef,
            int pollingInterval,
            int cooldownPeriod,
            int minReplicaCount,
            int maxReplicaCount,
            Fallback fallback,
            List<Trigger> triggers) {}

    record Target(String name) {}

    record Fallback(int failureThreshold, int replicas) {}

    record Trigger(String type, Kafka metadata) {}

    /** KEDA takes strings only, numbers and truth values too. */
    record Kafka(
            String bootstrapServers,
            String consumerGroup,
            String topic,
            String lagThreshold,
            String offsetResetPolicy,
            String limitToPartitionsWithLag) {}
}
