package dev.leat.view.deadletter;

import dev.leat.schema.topic.Rejected;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An event on its way to the dead letters.
 *
 * @param stream null when its type belongs to none of the topic's streams
 * @param view the view that refused it; null when no view saw it
 * @param schemaId id of the writer's schema; null when the record names none
 * @param parks whether later events of its key wait behind it
 * @param copyTo Kafka topic that it is copied to; null for none
 */
public record NewDeadLetter(
        ConsumerRecord<byte[], byte[]> record,
        String stream,
        String view,
        Long schemaId,
        Rejected.Reason reason,
        String message,
        boolean parks,
        String copyTo) {}
