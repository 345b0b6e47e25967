package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.view.sql.delta.text.Input;
import dev.leat.view.sql.delta.text.Kinds;
import dev.leat.view.sql.delta.text.Slot;
import dev.leat.view.sql.delta.text.Stages;
import dev.leat.view.sql.delta.text.Texts;
import java.util.List;
import java.util.stream.Collectors;

/** Says how a node is kept, and where all of it is computed again, why that is and what would help. */
final class Methods {

    private final Texts texts;
    private final Kinds kinds;

    Methods(Texts texts, Kinds kinds) {
        this.texts = texts;
        this.kinds = kinds;
    }

    /**
     * @param isLost whether what belonged together before the change can't be told
     * @param isAll whether every key may be touched
     */
    Node.Method of(Query query, List<Slot> slots, Input input, boolean isLost, boolean isAll) {
        String change = "a change of " + input.name();
        if (isStage(query, Stages.PARTS, input)) {
            return new Node.Method(
                    input.name(), true, change + " puts its parts together again, at most " + Stages.MOST_PARTS);
        }
        if (isStage(query, Stages.ALL, input)) {
            return new Node.Method(input.name(), true, change + " takes the first rows again");
        }
        if (!slots.isEmpty() && !isAll) {
            return new Node.Method(input.name(), true, change + " computes the rows again whose key it touches");
        }
        String why = slots.isEmpty()
                ? withoutKey(query)
                : isLost
                        ? "another relation that it reads changes with it; materialize the query of one of them as a view"
                                + " of its own"
                        : "a query within an expression, or behind an outer join, reads it, and which rows that concerns"
                                + " can't be told; compare a column of it with one of the rows'";
        return new Node.Method(input.name(), false, change + " computes all of it again: " + why);
    }

    private static boolean isStage(Query query, String alias, Input input) {
        return query instanceof Select select
                && select.from().size() == 1
                && select.from().getFirst().alias().equals(alias)
                && select.from().getFirst().source() instanceof Table table
                && table.name().equals(input.name());
    }

    private String withoutKey(Query query) {
        return switch (query) {
            case SetOperation operation ->
                operation.tail().limit().isPresent()
                        ? "LIMIT behind an order that isn't kept; order by columns, without COLLATE"
                        : "a side of " + operation.operator()
                                + " can't be computed by key; write it as a view of its own";
            case Select select -> withoutKey(select);
        };
    }

    private String withoutKey(Select select) {
        if (select.tail().limit().isPresent()) {
            return "LIMIT behind an order that isn't kept; order by columns, without COLLATE";
        }
        if (!select.partitions().isEmpty()) {
            return "its window functions have no PARTITION BY in common; give them one";
        }
        if (kinds.isGrouped(select) && select.groups().isEmpty()) {
            return "aggregates of all rows are put together of parts where all are one of "
                    + Stages.COMBINED.stream().sorted().collect(Collectors.joining(", "))
                    + ", without DISTINCT and not of floating-point numbers; GROUP BY something, or take the rest to a"
                    + " view of its own";
        }
        if (kinds.isGrouped(select) || select.distinct().isPresent()) {
            return "it groups by what a query within it gives, or in two ways; write the inner one in FROM";
        }
        return "something in FROM has no key; give it one, by GROUP BY or DISTINCT";
    }
}
