/**
 * The clauses of a SELECT, and what it reads: where they are in the text. Expressions stay text; what they mean is Postgres's to
 * say.
 *
 * <p>Guarantee: a query that Postgres accepts is understood as Postgres does, or refused with its place.
 *
 * <pre>
 *   Lexer -> Tokens -> QueryParser (FromParser, Calls) -> Query
 * </pre>
 *
 * <p>A new clause goes to {@link dev.leat.pipeline.sql.QueryParser}, a new kind of source to {@link
 * dev.leat.pipeline.sql.FromParser}.
 *
 * <p>May import: nothing.
 */
package dev.leat.pipeline.sql;
