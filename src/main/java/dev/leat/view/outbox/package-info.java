/**
 * Events that views emit: encoded and laid into the outbox in the transaction that they come from.
 *
 * <p>Guarantee: an event is in the outbox exactly once if its transaction is committed, else not at all; it stays there
 * until the broker has acknowledged it.
 *
 * <p>May import: view.statement, pipeline, schema.
 */
package dev.leat.view.outbox;
