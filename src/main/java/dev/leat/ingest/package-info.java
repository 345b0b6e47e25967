/**
 * From Kafka to batches: the channel, one lane for each topic-partition, and rebuilds from topic and lake.
 *
 * <p>Guarantee: a lane gives its views every event from the checkpoint on, once, in order, and resumes by itself after an
 * outage. Kafka's committed offset follows Postgres's checkpoint and decides nothing.
 *
 * <pre>
 *   polling thread (Kafka)          channel (event loop)        lane (virtual thread, one a partition)
 *   poll, rebalance, seek   ──────▶ receive, offer       ──────▶ fence, decode, apply, acknowledge ──▶ lake (its own thread)
 * </pre>
 *
 * <p>Here is only the config, which its rooms share.
 *
 * <p>May import: pipeline, schema, view, lake, retry. Another source of events gets a room beside {@code channel}.
 */
package dev.leat.ingest;
