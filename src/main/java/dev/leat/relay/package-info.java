/**
 * Sends from Postgres to Kafka: the outbox of what views emit, and copies of dead letters.
 *
 * <p>Guarantee: each is sent at least once, after the transaction that wrote it. The events of a lane are sent in their
 * order, and a duplicate has the headers of the first one. What the broker has acknowledged isn't sent again for a
 * neighbour's sake. An event that can never be sent is set aside, alone; a topic that can't be written to blocks no other;
 * an outage is retried and loses nothing. {@link dev.leat.relay.SendFailure} is the only place that tells these apart.
 *
 * <p>May import: view.outbox, view.deadletter, catalog, pipeline, retry, failure.
 *
 * <p>Another way out is a {@code WayOut} with a table of its own; its commit wakes the relay.
 */
package dev.leat.relay;
