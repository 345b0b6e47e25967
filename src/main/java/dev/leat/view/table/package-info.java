/**
 * The tables of views: creates them, adds the columns that events have got, swaps generations, and gives the writer of each.
 *
 * <p>Guarantee: one instance at a time creates or alters a table. It begins with what the catalogue says, and updates the
 * catalogue in the same transaction. Existing tables keep their rows and their columns.
 *
 * <p>May import: view.sql, view.fold, view.writer, view.time, view.outbox, catalog, schema, pipeline, postgres.
 *
 * <p>A new kind of view gets its tables in a class beside {@link dev.leat.view.table.StreamTables}, its writer in
 * {@link dev.leat.view.table.ViewWriters}, and its swap in {@link dev.leat.view.table.KeptTables}.
 */
package dev.leat.view.table;
