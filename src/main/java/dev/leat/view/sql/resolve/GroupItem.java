package dev.leat.view.sql.resolve;

import dev.leat.view.sql.resolve.tree.PgNode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a SELECT is grouped by, one of several.
 *
 * @param column index of the result's column that it is; empty where it isn't selected
 * @param input the column of a relation that it is, as {@code rides.vendor}; empty for an expression
 * @param expression as in {@link ResolvedColumn}
 */
public record GroupItem(OptionalInt column, Optional<String> input, PgNode expression) {}
