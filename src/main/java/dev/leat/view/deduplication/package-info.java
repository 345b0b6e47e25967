/**
 * Deduplication: events that producers send twice, told by the ids that their streams name.
 *
 * <p>Guarantee: of the events with one id, within the time that the stream names, one is applied. What is remembered moves with
 * the transaction that applies it.
 *
 * <p>Another way to identify an event goes to {@link dev.leat.view.deduplication.EventIds}. May import: view.writer, catalog, schema,
 * pipeline, postgres.
 */
package dev.leat.view.deduplication;
