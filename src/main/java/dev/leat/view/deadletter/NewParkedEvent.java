package dev.leat.view.deadletter;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An event that waits.
 *
 * @param view null: for all views of the stream
 */
public record NewParkedEvent(ConsumerRecord<byte[], byte[]> record, String stream, String view) {}
