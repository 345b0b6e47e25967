/**
 * Views over GraphQL, with a schema that follows the views at run time.
 *
 * <p>Guarantee: a schema is immutable and swapped as a whole; the old one serves until the new one is built and
 * validated, and a change that comes while one is being built leads to one more. Only selected columns are read. Depth,
 * top-level fields and rows are bounded.
 *
 * <p>May import: pipeline, schema, view, query.
 */
package dev.leat.query.graphql;
