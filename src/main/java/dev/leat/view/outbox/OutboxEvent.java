package dev.leat.view.outbox;

/**
 * An event on its way to Kafka.
 *
 * @param id rises along each lane
 * @param view the view that has emitted it
 * @param key null for an event without one
 * @param value null for a delete
 * @param row counts the events of one origin, from 0
 */
public record OutboxEvent(long id, String view, String topic, byte[] key, byte[] value, EventOrigin origin, int row) {}
