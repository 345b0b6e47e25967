/**
 * Envelopes: records that hold a row and say what happened to it.
 *
 * <p>Guarantee: an envelope becomes an event or a delete of its row; its own fields become columns beside the row's.
 *
 * <p>Imports {@code decode} and what that imports. A further envelope is another {@link dev.leat.schema.decode.RowPlan} here,
 * and a case of {@code topic.StreamContract}.
 */
package dev.leat.schema.envelope;
