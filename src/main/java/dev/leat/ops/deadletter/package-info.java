/**
 * Dead letters and late events over REST: shown, redriven, evicted.
 *
 * <p>Guarantee: a dead letter has one JSON form, {@link dev.leat.ops.deadletter.DeadLetterJson}; every answer that shows one uses
 * it. An event that is parked behind a dead letter is counted as {@code parked_events} everywhere.
 *
 * <p>May import: http, schema, view.deadletter, view.redrive, view.time, lake. The next action on dead letters goes into
 * {@code RedriveResource}.
 */
package dev.leat.ops.deadletter;
