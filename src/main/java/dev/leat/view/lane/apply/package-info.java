/**
 * How the events of a batch are applied to the views of a lane, within a transaction that somebody else has begun.
 *
 * <p>{@link dev.leat.view.lane.apply.ViewApplier} is the step; {@link dev.leat.view.lane.apply.OptimisticApplier} is
 * pipelined and fails with the first refusal, {@link dev.leat.view.lane.apply.IsolatingApplier} finds out, behind a
 * savepoint for each view, which events a view can't hold. {@link dev.leat.view.lane.apply.BatchOutcome} lists what can
 * come of a batch.
 *
 * <p>Guarantee: what a view can't hold becomes a dead letter of that view alone; an event of a parked key is never applied
 * before the dead letter that it waits for.
 *
 * <p>May import: view.deadletter, view.table, view.sql, view.writer, catalog, schema, pipeline, postgres. The next way to
 * apply events is another {@code ViewApplier}; the next outcome is a record of {@code BatchOutcome}.
 */
package dev.leat.view.lane.apply;
