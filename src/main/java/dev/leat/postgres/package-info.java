/**
 * The pieces that statements for views are put together from: a transaction in its turn, rows as array parameters, and what
 * Postgres's refusals mean.
 *
 * <p>Guarantee: what is done in a transaction is committed as a whole or not at all; when committing fails, whoever asked
 * for it is told.
 *
 * <p>May import: pipeline, schema; nothing else of {@code view}.
 */
package dev.leat.postgres;
