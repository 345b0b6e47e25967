package dev.leat.view.sql.resolve;

import dev.leat.view.sql.resolve.ResolvedFunction.Kind;
import dev.leat.view.sql.resolve.tree.PgNode;
import dev.leat.view.sql.resolve.tree.SqlValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Postgres has understood of a SELECT.
 *
 * @param query the root of the stored tree
 * @param canonical the SELECT as Postgres writes it
 * @param columns of the result, in order
 * @param relations all that it reads, at any depth, once for each place
 * @param functions all that it calls, at any depth, operators and the functions of casts included, each once
 * @param groups what it is grouped by, in order; those that are equal, once
 * @param values of SQL that are no functions, as {@code current_user}
 * @param constants their types, each once; a folded {@code 'now'::date} is one
 * @param conversions casts that go through text
 * @param collations that are named or that a comparison goes by, but for the database's own; qualified and quoted
 */
public record Resolution(
        PgNode query,
        String canonical,
        List<ResolvedColumn> columns,
        List<UsedRelation> relations,
        List<ResolvedFunction> functions,
        List<GroupItem> groups,
        List<SqlValue> values,
        Set<String> constants,
        List<TypeConversion> conversions,
        Set<String> collations) {

    /** The columns of a relation that are used anywhere; a whole row is not among them. */
    public Set<String> columnsOf(String relation) {
        return relations.stream()
                .filter(r -> r.name().equals(relation))
                .flatMap(r -> r.columns().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether a whole row of a relation is used anywhere. */
    public boolean usesWhole(String relation) {
        return relations.stream().anyMatch(r -> r.name().equals(relation) && r.isWhole());
    }

    public boolean isGrouped() {
        return !groups.isEmpty()
                || query.flag("hasAggs")
                || query.node("havingQual").isPresent();
    }

    /** ROLLUP, CUBE or GROUPING SETS. */
    public boolean hasGroupingSets() {
        return !query.nodes("groupingSets").isEmpty();
    }

    public boolean hasWindowFunctions() {
        return functions.stream().anyMatch(f -> f.kind() == Kind.WINDOW) || query.flag("hasWindowFuncs");
    }

    /** The one of that name, whatever its arguments. */
    public boolean calls(String function) {
        return functions.stream().anyMatch(f -> f.name().equals(function));
    }
}
