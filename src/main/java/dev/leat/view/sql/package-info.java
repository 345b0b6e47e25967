/**
 * Views in SQL: a SELECT of Postgres over streams and other views, kept current. The SELECT runs on each batch; what is
 * known here is only how partial results are merged into what is there.
 *
 * <p>Guarantee: a view that is compiled equals the same SELECT over all events that were applied; what can't be kept that
 * way is refused at start, with file, line and column.
 *
 * <p>May import: pipeline, schema, view.statement, view.writer, view.outbox, view.time.
 */
package dev.leat.view.sql;
