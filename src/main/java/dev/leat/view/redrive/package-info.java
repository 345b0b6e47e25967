/**
 * Redriving: dead letters that are tried again, or given up, with the parked events that wait for them.
 *
 * <p>Guarantee: a redriven letter changes views exactly once, in the order of its lane, and what waits for it goes on with
 * it. The lane's checkpoint is held meanwhile, so the lane sees all of it or nothing.
 *
 * <pre>
 *   Redrive                  by lane and chunk
 *     RedriveAttempts        once more when tables lack columns
 *       RedriveTransaction   lock the lane, choose, decode
 *         Redriving          deduplicate, apply, feed the lake
 *         Settlement         resolve, release, keep
 * </pre>
 *
 * <p>May import: view.lane, view.deadletter, view.deduplication, view.table, view.time, view.writer, catalog, postgres,
 * pipeline, schema. Another step of a redrive goes into {@link dev.leat.view.redrive.RedriveTransaction}.
 */
package dev.leat.view.redrive;
