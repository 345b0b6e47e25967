/**
 * Keeps whatever a SELECT says by computing again what changes touch. Postgres does it, by triggers on the tables that the
 * SELECT reads, in the transaction of the change; the code here writes the statements.
 *
 * <p>Guarantee: after each statement on a table that a node reads, the node's table is what its query gives.
 *
 * <pre>
 *   DeltaCompiler   from a query to nodes: a table each for the query and for queries in FROM that aren't linear
 *     Keys            by which columns a node may be computed a part at a time
 *     InputTriggers   what runs when something that it reads changes
 *       Touched         which of these keys a change touches
 *       Bindings        what stands for each table while they are looked for
 *       Methods         the same for people: what a change costs, and why all of it where it does
 *     Maintenance     the statements: lock, find keys, compute, change what differs
 *   text            queries as text, and the stages that they are divided into
 * </pre>
 *
 * <p>Why it is right: rows with the same key follow from no rows with another key ({@code Keys}); a change touches at least the
 * keys that {@code Touched} finds, because it replaces one table at a time by the rows that came and went, leaves conditions out
 * that the change may have turned, and elsewhere has the rows that went beside those that are there; and a view takes one lock before it looks, so that of two transactions the later one sees the other's rows.
 * Where that can't be shown, the key is empty: all is computed again.
 *
 * <p>A new operator says in {@code Keys} what its key is and in {@code Touched} what a change of its inputs touches; if its rows
 * don't each come of one row of each input, {@code text.Kinds} says so.
 *
 * <p>May import: view.sql.delta.text, pipeline, postgres.
 */
package dev.leat.view.sql.delta;
