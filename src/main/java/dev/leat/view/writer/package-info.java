/**
 * What applies rows to a view that holds a stream's own columns: {@code latest} and {@code log}.
 *
 * <p>Guarantee: a writer changes tables only within the transaction that it is given.
 *
 * <p>May import: pipeline, schema, view.statement.
 */
package dev.leat.view.writer;
