/**
 * In which order topics are read, when they are read for the first time.
 *
 * <p>Guarantee: it is decided once for a topic, and kept in Postgres; a restart changes nothing of it.
 *
 * <p>May import: lane.status, view.lane, pipeline.
 */
package dev.leat.ingest.order;
