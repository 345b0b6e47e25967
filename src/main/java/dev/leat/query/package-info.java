/**
 * Reading views: the one reader that REST and GraphQL share, the question it takes, and the problems it answers with.
 *
 * <p>Guarantee: a question is checked against the catalogue before Postgres sees it. Identifiers in SQL come from the
 * catalogue alone, values are parameters alone. Every answer has an upper bound of rows and of time. Its rows and its
 * freshness come from one snapshot of the database.
 *
 * <p>May import: http, catalog, schema, pipeline, postgres, retry.
 *
 * <p>The next face goes into a sub-package. A new operator is added to {@link dev.leat.query.Operator} and
 * {@code ViewSelect}; both faces then have it.
 */
package dev.leat.query;
