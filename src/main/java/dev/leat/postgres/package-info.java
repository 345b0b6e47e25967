/**
 * How Leat talks to Postgres: transactions, pipelined statements, SQLSTATEs, the migration of Leat's own tables, and Postgres
 * views that depend on a replaced one.
 *
 * <p>Guarantee: a transaction's work is committed as a whole or not at all. When the commit fails, the caller is told.
 *
 * <p>May import: nothing of ours.
 *
 * <p>To act upon another SQLSTATE, add a constant to {@link dev.leat.postgres.SqlState}. Which failures mean a refused row is
 * the caller's to say. A table of Leat's own is added by a new migration in {@code db/migration}.
 */
package dev.leat.postgres;
