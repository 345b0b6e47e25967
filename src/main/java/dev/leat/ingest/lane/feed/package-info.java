/**
 * How a lane feeds the lakes of its streams.
 *
 * <p>Guarantee: a lake that can't be written, or that has lost events to retention, stops neither the lane's views nor its
 * other lakes. It is tried again by a timer, or rests until somebody resumes it, and says so as a {@link
 * dev.leat.failure.Failures failure} of its own.
 *
 * <p>May import: lake, failure, retry, schema, pipeline. Another reason for which a lake may rest goes into {@code LaneLake}.
 */
package dev.leat.ingest.lane.feed;
