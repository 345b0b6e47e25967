package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Rows;
import dev.leat.view.ViewApplication.NamedWriter;
import dev.leat.view.writer.Events;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What applies events to views. */
@ApplicationScoped
class Writers {

    private final Map<String, List<NamedWriter>> byStream;
    private final Map<String, List<NamedWriter>> mergedByTopic;

    Writers(Pipeline pipeline, ViewTables tables) {
        Map<String, NamedWriter> writers = pipeline.views().values().stream()
                .filter(view -> !view.streams().isEmpty())
                .collect(Collectors.toMap(
                        View::name, view -> new NamedWriter(view, tables.writer(view), new Wariness())));
        this.byStream = pipeline.streams().values().stream()
                .collect(Collectors.toMap(Stream::name, s -> pipeline.viewsOf(s).stream()
                        .filter(view -> !isMerged(view))
                        .map(view -> writers.get(view.name()))
                        .toList()));
        this.mergedByTopic = pipeline.topics().stream()
                .collect(Collectors.toMap(topic -> topic, topic -> pipeline.streamsOf(topic).stream()
                        .flatMap(s -> pipeline.viewsOf(s).stream())
                        .filter(Writers::isMerged)
                        .distinct()
                        .map(view -> writers.get(view.name()))
                        .toList()));
    }

    /** Whether the order of events of its streams among each other counts. */
    private static boolean isMerged(View view) {
        return view instanceof View.Fold;
    }

    /** Those that take the stream's events alone; null for a stream that isn't declared. */
    List<NamedWriter> of(String stream) {
        return byStream.get(stream);
    }

    /** Those that take all of a topic's events that are theirs in the order of the offsets. */
    List<NamedWriter> merged(String topic) {
        return mergedByTopic.get(topic);
    }

    /** The rows that a view takes of a topic's, in the order of the offsets. */
    static Events events(NamedWriter view, List<Rows> rows) {
        return Events.merged(rows.stream()
                .filter(r -> view.view().streams().contains(r.stream().name()))
                .toList());
    }

    /** Whether the stream's events change the view. */
    boolean isDeclared(String topic, String stream, String view) {
        return byStream.containsKey(stream)
                && java.util.stream.Stream.concat(of(stream).stream(), merged(topic).stream())
                        .anyMatch(
                                w -> w.name().equals(view) && w.view().streams().contains(stream));
    }
}
