/**
 * Queries as text: what their pieces stand for, and how they are put together again, over other relations.
 *
 * <p>Guarantee: what is put together means what the user wrote.
 *
 * <pre>
 *   Texts     puts the pieces of a query together, with a relation for each table
 *     Stars     writes stars out
 *     Slots     columns beside those of the result
 *     Meanings  what names and numbers in GROUP BY and ORDER BY stand for
 *     Kinds     what a query is by its clauses: linear, grouped, a filter
 *     Stages    the first rows, and aggregates of all rows, over queries that have a key
 * </pre>
 *
 * <p>An aggregate that can be put together of parts goes to {@code Aggregates}; a form that can be divided, to {@code Stages}.
 *
 * <p>May import: pipeline, postgres.
 */
package dev.leat.view.sql.delta.text;
