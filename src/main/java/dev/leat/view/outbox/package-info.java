/**
 * Rows that views emit as events: encoded and written to the outbox in the transaction that they come from.
 *
 * <p>Guarantee: an event is in the outbox exactly once if its transaction is committed, else not at all. It stays there until
 * the broker has acknowledged it.
 *
 * <p>Another form of an emitted row goes to {@link dev.leat.view.outbox.Emitter}; sending is the relay's. May import: schema,
 * pipeline, postgres.
 */
package dev.leat.view.outbox;
