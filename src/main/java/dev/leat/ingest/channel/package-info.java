/**
 * The channel: one Kafka consumer over all declared topics, which offers what it polls to lanes.
 *
 * <p>Guarantee: a lane is offered every record from the offset that it sought on, in order and once for each seek. What was
 * polled before the seek is dropped. A partition whose lane is full is paused.
 *
 * <p>Kafka's committed offset follows the checkpoint and decides nothing.
 *
 * <p>May import: ingest.lane, whose {@link dev.leat.ingest.lane.PartitionConsumer} it implements, ingest's config, pipeline,
 * schema. Another source of events implements the same interface in a room of its own.
 */
package dev.leat.ingest.channel;
