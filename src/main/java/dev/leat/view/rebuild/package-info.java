/**
 * Rebuilds a view while its active generation is read: what has changed, the next generation, and how it catches up with
 * the lanes.
 *
 * <p>Guarantee: each event changes the next generation exactly once, whatever fails meanwhile. It is activated in one
 * transaction, when it has all that the lanes have, and not before.
 *
 * <p>May import: view.lane, view.deadletter, view.table, view.sql, view.time, view.writer, catalog, schema, pipeline,
 * postgres.
 *
 * <p>Another step of a rebuild is a method of {@link dev.leat.view.rebuild.Rebuilds}, in a transaction of its own.
 */
package dev.leat.view.rebuild;
