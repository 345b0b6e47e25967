/**
 * Views: the tables that are derived from streams, how a batch is applied to them, and what is remembered in the same
 * transaction: the lane's checkpoint and the dead letters.
 *
 * <p>Guarantee: a batch changes every view of its stream exactly once, together with the checkpoint, or not at all.
 *
 * <p>Here are the lanes; begin with {@link dev.leat.view.lane.BatchApplier}. What they need, and what applies as they do, has rooms of
 * its own, of which each knows only those in the lines below it:
 *
 * <pre>
 *   redrive, rebuild              dead letters again; a view made anew while the old one serves
 *   (here)                        a batch, its transaction, the checkpoint
 *   deadletter, repeats, table    what can't be applied, or was before; what views are kept in
 *   standing, sql, fold           how views stand in Postgres; what a SELECT, or Java, makes of events
 *   writer, outbox, time          rows into tables, events out of them, which windows are final
 *   statement                     transactions, and what statements are put together from
 * </pre>
 *
 * <p>May import: view.deadletter, view.repeats, view.table, view.standing, view.sql, view.time, view.writer, view.statement,
 * pipeline, schema; not view.redrive, view.rebuild.
 */
package dev.leat.view.lane;
