/**
 * {@code history} views (slowly changing dimensions, type 2): one row for each state of a key, with the time in which it is
 * valid.
 *
 * <p>Guarantee: the rows depend only on the set of the events that were applied, not on their order or batches.
 *
 * <p>{@link dev.leat.view.writer.history.KeyedEvents} keeps the events, {@link dev.leat.view.writer.history.HistoryStatement}
 * derives the rows from them. May import: view.writer, catalog, schema, pipeline, postgres.
 */
package dev.leat.view.writer.history;
