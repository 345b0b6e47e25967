package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.Join;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.QueryException;
import dev.leat.pipeline.sql.QueryParser;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Which SELECTs can't be merged by their form alone. */
final class Recomputed {

    private static final int MERGED_STREAMS = 2;

    /** Functions that aren't Postgres's. */
    private static final Set<String> OF_LEAT = Set.of("tumble", "hop", "session", "first", "last");

    private Recomputed() {}

    static boolean is(View.Sql view) {
        Set<String> streams = Set.copyOf(view.streams());
        return view.materialized() || !view.isPlain() && is(view, streams, query(view));
    }

    /** One that would be merged, could it be: not where it means something else, as with a view that events are joined with. */
    static boolean canBe(View.Sql view) {
        return view.views().isEmpty()
                && view.toTopic().isEmpty()
                && view.retain().isEmpty()
                && query(view) instanceof Select select
                && Collections.disjoint(select.calls(), OF_LEAT)
                && select.groups().stream()
                        .map(group -> view.sql().text().substring(group.begin(), group.end()))
                        .noneMatch(group -> OF_LEAT.stream().anyMatch(call -> group.startsWith(call + "(")));
    }

    private static Query query(View.Sql view) {
        try {
            return QueryParser.parse(view.sql().text());
        } catch (QueryException e) {
            throw view.sql().complaint(e.position(), e.getMessage());
        }
    }

    private static boolean is(View.Sql view, Set<String> streams, Query query) {
        return !(query instanceof Select select)
                || select.distinct().isPresent()
                || select.tail().limit().isPresent()
                || !select.partitions().isEmpty()
                || view.streams().size() > MERGED_STREAMS
                || isJoinedWithItself(select, streams)
                || select.from().stream().anyMatch(Recomputed::isBeyond)
                || select.links().stream().anyMatch(link -> readsStream(link.query(), streams));
    }

    private static boolean isJoinedWithItself(Select select, Set<String> streams) {
        List<String> read = select.from().stream()
                .filter(element -> readsStream(element.source(), streams))
                .map(element -> element.source() instanceof Query.Table table ? table.name() : "")
                .toList();
        return read.stream().distinct().count() < read.size();
    }

    private static boolean isBeyond(Query.FromElement element) {
        return element.source() instanceof Query.SubQuery
                || element.join() == Join.RIGHT
                || element.join() == Join.FULL;
    }

    private static boolean readsStream(Query query, Set<String> streams) {
        return switch (query) {
            case Query.SetOperation operation ->
                readsStream(operation.left(), streams) || readsStream(operation.right(), streams);
            case Select select ->
                select.from().stream().anyMatch(element -> readsStream(element.source(), streams))
                        || select.links().stream().anyMatch(link -> readsStream(link.query(), streams));
        };
    }

    private static boolean readsStream(Query.Source source, Set<String> streams) {
        return switch (source) {
            case Query.Table table -> streams.contains(table.name());
            case Query.SubQuery sub -> readsStream(sub.query(), streams);
            case Query.Function function -> false;
        };
    }
}
