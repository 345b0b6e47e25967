/**
 * How a lane is: its state, what a failure means for it, and what is counted of it.
 *
 * <p>Guarantee: a state follows from what has happened to the lane; {@link
 * dev.leat.ingest.lane.status.FailureVerdict} is the only place that decides what a failure means, and {@link
 * dev.leat.ingest.lane.status.FailureReaction} the only one that acts on it.
 *
 * <p>May import: view, lake, retry, schema, pipeline, postgres, failure. The next state of a lane is a record of {@link
 * dev.leat.ingest.lane.status.LaneState}; the next meter goes to {@code LaneMeters} and into {@code docs/operations.md}.
 */
package dev.leat.ingest.lane.status;
