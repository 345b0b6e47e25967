/**
 * Folds: views whose rows are states that Java derives from events, one event after the other.
 *
 * <p>Guarantee: a state changes only within the transaction that moves its lane's checkpoint, on that transaction's own
 * connection. The events of a lane come in the order of their offsets, whichever of the view's streams they belong to.
 *
 * <p>May import: view.writer, catalog, schema, pipeline, postgres.
 *
 * <p>A new fold is a bean of the application that implements {@link dev.leat.view.fold.Fold}. A new type of a state's column
 * goes into {@link dev.leat.view.fold.StateColumns}.
 */
package dev.leat.view.fold;
