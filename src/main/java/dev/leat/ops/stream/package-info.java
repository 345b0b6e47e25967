/**
 * Streams over REST: checkpoints, lag, counts of dead letters, lake files, versions of the contract.
 *
 * <p>Guarantee: an unavailable Kafka costs the end offsets and the lag, never the answer.
 *
 * <p>May import: http, schema, view.deadletter, view.lane. The next number of a stream goes into {@code StreamState}.
 */
package dev.leat.ops.stream;
