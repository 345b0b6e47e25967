/**
 * The tables of views, and the catalogue that readers find them by: makes them, gives them the columns that events have got,
 * and says what applies rows to each.
 *
 * <p>Guarantee: one instance at a time makes or changes a table, beginning with what the catalogue says, and notes it there
 * in the same transaction; what stands there keeps its rows and its columns.
 *
 * <p>May import: view.standing, view.sql, view.fold, view.writer, view.time, view.outbox, view.statement, pipeline, schema.
 */
package dev.leat.view.table;
