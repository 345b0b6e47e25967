/**
 * Changing a view while it serves: what has changed, the next generation, and how it catches up with the lanes.
 *
 * <p>Guarantee: each event changes the next generation exactly once, whatever fails meanwhile; it takes the place of the one
 * that serves, in one transaction, when it has all that the lanes have, and not before.
 *
 * <p>May import: view (the root), view.deadletter, view.table, view.standing, view.sql, view.time, view.writer,
 * view.statement, pipeline, schema.
 */
package dev.leat.view.rebuild;
