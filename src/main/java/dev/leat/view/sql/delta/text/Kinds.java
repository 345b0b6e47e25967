package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Join;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Source;
import dev.leat.pipeline.sql.Query.SubLink;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.pipeline.sql.QueryTables;
import java.util.List;

/** What queries are, by their clauses. */
public final class Kinds {

    private final Probe probe;

    public Kinds(Probe probe) {
        this.probe = probe;
    }

    /** One row a group, or one of all. */
    public boolean isGrouped(Select select) {
        return !select.groups().isEmpty()
                || select.having().isPresent()
                || !probe.aggregates(select.calls()).isEmpty();
    }

    /** Each of its rows comes of one row of each table that it reads: what changes of those, changes of it. */
    public boolean isLinear(Query query) {
        return switch (query) {
            case Select select ->
                select.distinct().isEmpty()
                        && select.partitions().isEmpty()
                        && select.tail().limit().isEmpty()
                        && !isGrouped(select);
            case SetOperation operation ->
                operation.keepsAll()
                        && operation.tail().limit().isEmpty()
                        && isLinear(operation.left())
                        && isLinear(operation.right());
        };
    }

    /** A SELECT that chooses among the rows of one query, which is not linear. */
    public boolean isFilter(Select select) {
        return isLinear(select)
                && select.from().size() == 1
                && select.from().getFirst().source() instanceof Query.SubQuery sub
                && !isLinear(sub.query());
    }

    public static boolean hasOuter(List<FromElement> from) {
        return from.stream().anyMatch(e -> isOuter(e.join()));
    }

    public static boolean isOuter(Join join) {
        return join == Join.LEFT || join == Join.RIGHT || join == Join.FULL;
    }

    /** Outer joins that are understood: LEFT ones, or one of another kind between two. */
    public static boolean isPlain(List<FromElement> from) {
        return from.size() == 2 || from.stream().noneMatch(e -> e.join() == Join.RIGHT || e.join() == Join.FULL);
    }

    /** Whether a query stands in a condition by which something is joined. */
    public static boolean isInJoin(Select select, SubLink link) {
        return select.from().stream().anyMatch(element -> element.condition()
                .filter(condition -> condition.contains(link.place()))
                .isPresent());
    }

    public static boolean reads(Source source, Table table) {
        return source == table || source instanceof Query.SubQuery sub && reads(sub.query(), table);
    }

    public static boolean reads(Query query, Table table) {
        return QueryTables.in(query).stream().anyMatch(t -> t == table);
    }
}
