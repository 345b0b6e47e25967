/**
 * Sends from Postgres to Kafka: the outbox of what views emit, and copies of dead letters.
 *
 * <p>Guarantee: each is sent at least once, after the transaction that wrote it. The events of a lane are sent in their
 * order, and a duplicate has the headers of the first one. A topic that can't be written to blocks no other; an outage is
 * retried and loses nothing.
 *
 * <p>May import: ingest's settings, view.outbox, view.deadletter, catalog, pipeline, retry.
 *
 * <p>Another way out is a class here, which is woken by the commit and reads a table of its own.
 */
package dev.leat.relay;
