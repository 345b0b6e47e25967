/**
 * Views over GraphQL, with a schema that follows the views at run time.
 *
 * <p>Guarantee: a schema is immutable and swapped as a whole. The old one stays until the new one is built and validated. A
 * change that comes meanwhile leads to another build. Only selected columns are read. Depth, top-level fields and rows are
 * bounded.
 *
 * <p>May import: query and what it may import, http.
 *
 * <p>A new kind of column gets its scalar in {@code ColumnScalars}, a new argument its place in {@code SchemaBuilder} and
 * {@code RowsFetcher}.
 */
package dev.leat.query.graphql;
