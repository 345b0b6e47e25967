/**
 * What a view's SELECT means, as Postgres says: the columns that it uses, the functions that it calls, what it is grouped by,
 * the types and collations of its result.
 *
 * <p>Guarantee: names, overloads, stars, aliases, literals and casts are resolved by Postgres, never here. A SELECT is made a
 * temporary view over {@link dev.leat.view.sql.resolve.StandIns}, and the stored tree is read; nothing of that stays. The one
 * list of ours is {@link dev.leat.view.sql.resolve.AllowedFunctions}, which is closed: what isn't in it is refused.
 *
 * <pre>
 *   text -> Resolver -> Resolution -> SameEachTime (refuses what another run may compute otherwise)
 * </pre>
 *
 * <p>A stable function that was looked at goes to {@link dev.leat.view.sql.resolve.AllowedFunctions}, another question to the
 * tree to {@link dev.leat.view.sql.resolve.Resolution}.
 *
 * <p>May import: view.sql.resolve.tree, schema, pipeline, postgres.
 */
package dev.leat.view.sql.resolve;
