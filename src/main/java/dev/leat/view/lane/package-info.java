/**
 * Lanes' batches, applied to views: one batch, one transaction.
 *
 * <p>Guarantee: a batch changes every view of its streams exactly once, together with the lane's checkpoint, its dead
 * letters and its parked events, or not at all. Lost answers are resolved by the checkpoint.
 *
 * <pre>
 *   BatchApplier            optimistic first, isolating where a view refuses something
 *     BatchTransaction      checkpoint, deduplicate, apply: the steps in order
 *       PgCheckpoints       compare-and-set; fences other instances
 *       RejectedRecords     what became no row
 *       OptimisticApplier | IsolatingApplier     rows to one view
 * </pre>
 *
 * <p>May import: view.deadletter, view.deduplication, view.table, view.sql, view.time, view.writer, catalog, postgres,
 * pipeline, schema; not view.redrive, view.release or view.rebuild.
 *
 * <p>Another step goes into {@link dev.leat.view.lane.BatchTransaction}; another way a batch can end is a record of {@link
 * dev.leat.view.lane.apply.BatchOutcome}.
 */
package dev.leat.view.lane;
