package dev.leat.view.sql;

import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.time.ClosableView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The views that the events of a view with {@code wait:} are joined with. Closing such a view means to note how far its right
 * side has come: an event from before that needn't wait. Nothing in the view changes by it, so that no batch is held up.
 *
 * @param behind names of the streams that its views are derived from
 * @param kept names of its views that are kept current by batches
 */
public record RightSide(View.Sql view, Set<String> behind, Set<String> kept) implements ClosableView {

    /** Where this instance doesn't declare all that it reads, another one has to tell how far that has come. */
    public static RightSide of(Pipeline pipeline, View.Sql view) {
        boolean isDeclared = pipeline.views().keySet().containsAll(view.views())
                && pipeline.viewsBehind(view.views()).stream()
                        .allMatch(read -> !(read instanceof View.Sql sql)
                                || pipeline.views().keySet().containsAll(sql.views()));
        return new RightSide(
                view,
                isDeclared ? pipeline.streamsBehind(view.views()) : Set.of(),
                pipeline.viewsBehind(view.views()).stream()
                        .filter(read -> !read.streams().isEmpty())
                        .map(View::name)
                        .collect(Collectors.toSet()));
    }

    public List<Stream> streamsIn(Pipeline pipeline) {
        return behind.stream().map(pipeline::stream).toList();
    }

    @Override
    public String name() {
        return view.name();
    }

    @Override
    public List<String> streams() {
        return List.of();
    }

    @Override
    public List<String> timedBy() {
        return List.copyOf(behind);
    }

    @Override
    public Duration grace() {
        return view.grace();
    }

    /** A view that is paused, or catches up, hasn't got what its streams' lanes have applied. */
    @Override
    public boolean isUpToDateInTransaction(Tx tx) {
        return StoredDefinitions.areLive(tx, kept);
    }

    @Override
    public void closeInTransaction(Tx tx, Instant from, Instant through) {
        // The note is all.
    }

    String explained() {
        return "leat.waiting_event keeps each event, and those after it in its partition, until "
                + String.join(", ", behind)
                + " have come as far in event time, or it has been here for "
                + view.longestWait().orElseThrow()
                + " and their lanes have applied all that their topics held then";
    }
}
