/**
 * Events of views that Kafka can never take as they are: shown, redriven, evicted.
 *
 * <p>Guarantee: the actions and their words are those of dead letters.
 *
 * <p>May import: http, view.outbox. The copies of dead letters that can't be sent are in {@code ops.deadletter}.
 */
package dev.leat.ops.outbox;
