/**
 * Lanes: the strictly ordered processing of topic-partitions, from received records to acknowledged batches and fed lakes.
 *
 * <p>Guarantee: a lane gives its views every event from the checkpoint on, once, in order, and resumes by itself after an
 * outage. A lane that has lost its partition changes nothing.
 *
 * <pre>
 *   Lanes                 those that this instance has now
 *     Lane                open, flow, let go                  states: LaneState
 *       LaneOpening       where views, lakes and log are
 *       BatchReceiver     what was polled, in batches
 *       BatchPath         the way of one batch, step by step
 *         LaneDecoder     with the columns and parked keys that Postgres has
 *         BatchCommit     the transaction, whatever answers are lost
 *       LaneStatus        state, retries      FailureVerdict: what a failure means
 *       FailureReaction   what the lane does then
 * </pre>
 *
 * <p>Asks its consumer only through {@link dev.leat.ingest.lane.PartitionConsumer}, so it doesn't know the channel.
 *
 * <p>May import: ingest's config, view, lake, schema, pipeline, retry; not ingest.channel. Another step of the way goes into
 * {@link dev.leat.ingest.lane.BatchPath}; another kind of failure into {@link dev.leat.ingest.lane.status.FailureVerdict}.
 */
package dev.leat.ingest.lane;
