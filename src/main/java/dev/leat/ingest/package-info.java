/**
 * From Kafka to batches: the channel, one lane for each topic-partition, and acknowledgement.
 *
 * <p>Guarantee: a lane gives its views every event from the checkpoint on, once, in order, and goes on by itself after an
 * outage. Kafka's committed offset follows Postgres's checkpoint and decides nothing.
 *
 * <pre>
 *   polling thread (Kafka)          channel (event loop)        lane (virtual thread, one a partition)
 *   poll, rebalance, seek   ──────▶ receive, hand over  ──────▶ fence, decode, apply, acknowledge ──▶ lake (its own thread)
 * </pre>
 *
 * <p>May import: pipeline, schema, view, lake.
 */
package dev.leat.ingest;
