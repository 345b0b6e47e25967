/**
 * Fills views that are rebuilt or catch up, from the lake and the topic, beside the lanes.
 *
 * <p>Guarantee: each event that counts is applied to the new generation once, whether an instance dies, stalls or is cut
 * off meanwhile. A lane waits no longer than for one small batch.
 *
 * <p>May import: view, lake, catalog, schema, pipeline, postgres, retry.
 *
 * <p>Another source of past events goes into {@code History}; another step of a rebuild into {@code RebuildWork}.
 */
package dev.leat.ingest.rebuild;
