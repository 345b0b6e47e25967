package dev.leat.view.fold;

import java.time.Instant;

/**
 * The position of an event.
 *
 * @param stream name of its stream in the pipeline
 * @param timestamp Kafka's, to the millisecond
 */
public record EventPosition(String stream, String topic, int partition, long offset, Instant timestamp) {}
