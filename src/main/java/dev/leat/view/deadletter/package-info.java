/**
 * Dead letters: events that can't be applied, what waits behind them, and which Kafka keys these have.
 *
 * <p>Guarantee: what can't be applied is kept, with its bytes and the reason, in the transaction that passes over it; a later
 * event of a parked key is kept behind it in the same way, and is never applied before it.
 *
 * <p>May import: view.standing, view.statement, pipeline, schema.
 */
package dev.leat.view.deadletter;
