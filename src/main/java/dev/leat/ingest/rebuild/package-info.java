/**
 * Fills views that are made anew, or that catch up, from the lake and the topic, beside the lanes.
 *
 * <p>Guarantee: an event that counts reaches the new generation once, whether an instance dies, stalls or is cut off
 * meanwhile; the lanes wait for it no longer than for one small batch.
 *
 * <p>May import: pipeline, schema, view, lake.
 */
package dev.leat.ingest.rebuild;
