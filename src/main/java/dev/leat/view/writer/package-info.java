/**
 * What applies rows to a view that holds a stream's own columns: {@code latest}, {@code log} and {@code history}.
 *
 * <p>Guarantee: a writer changes tables only within the transaction that it is given.
 *
 * <p>May import: pipeline, schema, view.statement.
 */
package dev.leat.view.writer;
