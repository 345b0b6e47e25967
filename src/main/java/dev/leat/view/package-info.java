/**
 * Views: the tables that are derived from streams, how a batch is applied to them, and what is remembered in the same
 * transaction: the lane's checkpoint and the dead letters.
 *
 * <p>Guarantee: a batch changes every view of its stream exactly once, together with the checkpoint, or not at all.
 *
 * <p>Begin with {@link dev.leat.view.Views}. Arrows go from left to right, and down within a row:
 *
 * <pre>
 *   redrive  ┐                 ┌ repeats
 *   rebuild  ┴ the lanes, here ┼ deadletter ┬ standing ┐
 *                              └ table      ┘          ├ statement
 *                                  └ fold, sql         │
 *                                      └ writer, outbox, time ┘
 * </pre>
 *
 * <p>May import: view.deadletter, view.repeats, view.table, view.standing, view.sql, view.time, view.writer, view.statement,
 * pipeline, schema; not view.redrive, view.rebuild.
 */
package dev.leat.view;
