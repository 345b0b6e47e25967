/**
 * Reading views: one reader that REST and GraphQL share, the question it takes, and the problems it answers with.
 *
 * <p>Guarantee: a question is checked against the catalogue before Postgres sees it. Identifiers in SQL come from the
 * catalogue alone, values are parameters alone; every answer has an upper bound of rows and of time, and comes from one
 * snapshot of the database together with the freshness that it states.
 *
 * <p>May import: pipeline, schema, view.
 */
package dev.leat.query;
