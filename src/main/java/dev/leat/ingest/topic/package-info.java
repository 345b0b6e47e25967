/**
 * Which topic a name stands for: what Kafka has now, against what the checkpoints are of.
 *
 * <p>Guarantee: a lane never goes on in another topic, or beyond a gap, before somebody has chosen how
 * ({@link dev.leat.ingest.topic.TopicChoices}). Positions only grow: a topic that was made anew has an offset base, which
 * is added to Kafka's offsets.
 *
 * <p>May import: view.lane, view.rebuild, pipeline. Another choice is a constant of {@link dev.leat.ingest.topic.Choice}.
 */
package dev.leat.ingest.topic;
