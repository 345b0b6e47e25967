package dev.leat.view.sql.resolve;

import dev.leat.view.sql.resolve.tree.PgNode;
import java.util.Optional;

/**
 * A column of a SELECT's result.
 *
 * @param type as {@code numeric(10,2)}
 * @param collation qualified and quoted; empty for the database's own, and for types without
 * @param input the column of a relation that it is, as {@code rides.vendor}; empty for an expression
 * @param expression what it is computed by, in the form in which the same expression is an equal node
 */
public record ResolvedColumn(
        String name, String type, Optional<String> collation, Optional<String> input, PgNode expression) {}
