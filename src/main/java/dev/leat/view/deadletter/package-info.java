/**
 * Dead letters: events that can't be applied, the parked events that wait for them, and which Kafka keys these have. And
 * events that wait for the right side of a view's join, which are kept in the same way.
 *
 * <p>Guarantee: what can't be applied is kept, with its bytes and the reason, in the transaction that passes over it. A
 * later event of a parked key is kept in the same way and is never applied before it.
 *
 * <p>Each table has one entity, whose shared half is {@link dev.leat.view.deadletter.StoredEvent}. It is written by SQL
 * within a transaction ({@link dev.leat.view.deadletter.DeadLetters}, {@link dev.leat.view.deadletter.ParkedEvents},
 * {@link dev.leat.view.deadletter.WaitingEvents}) and
 * read for people through Panache. Never write it through Panache: its session is not the batch's transaction.
 *
 * <p>May import: catalog, postgres, pipeline, schema.
 *
 * <p>Another column of all tables goes into {@link dev.leat.view.deadletter.EventColumns}; another statement to the class
 * of its table.
 */
package dev.leat.view.deadletter;
