package dev.leat.relay;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** How the events that views emit, and copies of dead letters, are sent to Kafka. */
@ConfigMapping(prefix = "leat.outbox")
interface OutboxConfig {

    /** How often an instance looks whether others have left something; its own lanes say so at once. */
    @WithDefault("5s")
    Duration pollEvery();

    /**
     * Settings of Kafka's producer, over those under {@code kafka.}; those that keep the order of events are Leat's own:
     * idempotence, acks, delivery.timeout.ms, requests in flight, serializers.
     */
    Map<String, String> producer();
}
