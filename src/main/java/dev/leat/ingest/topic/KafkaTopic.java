package dev.leat.ingest.topic;

import java.util.Map;
import java.util.UUID;

/**
 * A topic as Kafka has it now.
 *
 * @param id Kafka's, which no other topic ever has; null where the broker gives none (before Kafka 2.8)
 * @param logs of its partitions, in Kafka's offsets
 */
public record KafkaTopic(String name, UUID id, Map<Integer, LogRange> logs) {}
