package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.view.sql.logical.Query;
import dev.leat.view.sql.logical.Query.Join;
import dev.leat.view.sql.logical.Query.Select;
import dev.leat.view.sql.logical.QueryParser;
import java.util.List;
import java.util.Map;

/** Which SELECTs can't be merged by their form alone. */
final class Recomputed {

    private static final int MERGED_STREAMS = 2;

    private Recomputed() {}

    static boolean is(View.Sql view, Map<String, Relation> relations) {
        return !(QueryParser.parse(view.sql()) instanceof Select select)
                || select.distinct().isPresent()
                || select.tail().limit().isPresent()
                || !select.partitions().isEmpty()
                || view.streams().size() > MERGED_STREAMS
                || isJoinedWithItself(select, relations)
                || select.from().stream().anyMatch(Recomputed::isBeyond)
                || select.links().stream().anyMatch(link -> readsStream(link.query(), relations));
    }

    private static boolean isJoinedWithItself(Select select, Map<String, Relation> relations) {
        List<String> streams = select.from().stream()
                .filter(element -> readsStream(element.source(), relations))
                .map(element -> element.source() instanceof Query.Table table ? table.name() : "")
                .toList();
        return streams.stream().distinct().count() < streams.size();
    }

    private static boolean isBeyond(Query.FromElement element) {
        return element.source() instanceof Query.SubQuery
                || element.join() == Join.RIGHT
                || element.join() == Join.FULL;
    }

    private static boolean readsStream(Query query, Map<String, Relation> relations) {
        return switch (query) {
            case Query.SetOperation operation ->
                readsStream(operation.left(), relations) || readsStream(operation.right(), relations);
            case Select select ->
                select.from().stream().anyMatch(element -> readsStream(element.source(), relations))
                        || select.links().stream().anyMatch(link -> readsStream(link.query(), relations));
        };
    }

    private static boolean readsStream(Query.Source source, Map<String, Relation> relations) {
        return switch (source) {
            case Query.Table table ->
                relations.containsKey(table.name()) && relations.get(table.name()).isStream();
            case Query.SubQuery sub -> readsStream(sub.query(), relations);
            case Query.Function function -> false;
        };
    }
}
