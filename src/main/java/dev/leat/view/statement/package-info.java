/**
 * The pieces that statements for views are put together from: an open transaction, rows as array parameters, and what
 * Postgres's refusals mean.
 *
 * <p>May import: pipeline, schema; nothing else of {@code view}.
 */
package dev.leat.view.statement;
