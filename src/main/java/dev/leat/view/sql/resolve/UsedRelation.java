package dev.leat.view.sql.resolve;

import java.util.Set;

/**
 * A relation at one place of a SELECT, and what the SELECT uses of it there.
 *
 * @param alias by which the SELECT speaks of it
 * @param isStandIn whether it is one of those that the SELECT may read; else it is a table of the database
 * @param columns names of those that are used, system columns included
 * @param isWhole whether a whole row of it is used, as in {@code to_jsonb(rides)}
 * @param depth 0: in FROM of the SELECT itself; else within so many SELECTs
 */
public record UsedRelation(
        String name, String alias, boolean isStandIn, Set<String> columns, boolean isWhole, int depth) {}
