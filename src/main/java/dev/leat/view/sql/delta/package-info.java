/**
 * Keeps whatever a SELECT says by computing again what changes touch. Postgres does it, by triggers on the tables that the
 * SELECT reads, in the transaction of the change; the code here writes the statements.
 *
 * <p>Guarantee: after each statement on a table that a node reads, the node's table is what its query gives.
 *
 * <pre>
 *   DeltaCompiler   from a query to nodes: a table each for the query and for queries in FROM that aren't linear
 *     Stars           writes stars out
 *     Kinds           what a query is by its clauses: linear, grouped, a filter
 *     Keys            by which columns it may be computed a part at a time, as Slots
 *     Touched         which of these keys a change touches
 *     Maintenance     the statements: lock, find keys, compute, change what differs
 *     Texts           puts the pieces of the user's text together again
 * </pre>
 *
 * <p>Why it is right: rows with the same key follow from no rows with another key ({@code Keys}); a change touches at least the
 * keys that {@code Touched} finds, because it replaces one table at a time by the rows that came and went, and everything else
 * is as it was; and a view takes one lock before it looks, so that of two transactions the later one sees the other's rows.
 * Where that can't be shown, the key is empty: all is computed again.
 *
 * <p>A new operator says in {@code Keys} what its key is and in {@code Touched} what a change of its inputs touches; if its rows
 * don't each come of one row of each input, {@code Kinds} says so.
 *
 * <p>May import: pipeline, postgres.
 */
package dev.leat.view.sql.delta;
