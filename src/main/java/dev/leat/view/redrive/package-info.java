/**
 * Redriving: dead letters that are tried again, or given up, with what waits behind them.
 *
 * <p>Guarantee: a letter that is redriven changes views exactly once, in the order of its lane, and what waits behind it goes
 * on with it; the lane stands still meanwhile, and sees all of it or nothing.
 *
 * <p>May import: view (the root), view.deadletter, view.repeats, view.table, view.standing, view.time, view.writer,
 * view.statement, pipeline, schema.
 */
package dev.leat.view.redrive;
