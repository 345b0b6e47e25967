/**
 * Folds: views whose rows are states that Java makes of events, one after the other.
 *
 * <p>Guarantee: a state changes only within the transaction that moves its lane's checkpoint, on that transaction's own
 * connection; the events of a lane come in the order of their offsets, whichever of the view's streams they are of.
 *
 * <p>May import: pipeline, schema, view.statement, view.writer.
 */
package dev.leat.view.fold;
