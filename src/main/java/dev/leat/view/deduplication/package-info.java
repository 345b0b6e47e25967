/**
 * Repeats: events that producers send twice, told by the ids that their streams name.
 *
 * <p>Guarantee: of the events with one id, within the time that the stream names, one is taken in; what is remembered moves
 * with the transaction that takes it in.
 *
 * <p>May import: view.statement, pipeline, schema; nothing else of {@code view}.
 */
package dev.leat.view.deduplication;
