package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Rows;
import dev.leat.view.ViewApplication.NamedWriter;
import dev.leat.view.rebuild.LaneViews;
import dev.leat.view.writer.Events;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What applies events to views. */
@ApplicationScoped
class Writers {

    private final Pipeline pipeline;
    private final ViewTables tables;
    private final Map<View, NamedWriter> writers = new ConcurrentHashMap<>();

    Writers(Pipeline pipeline, ViewTables tables) {
        this.pipeline = pipeline;
        this.tables = tables;
    }

    NamedWriter of(View view) {
        return writers.computeIfAbsent(view, v -> new NamedWriter(v, tables.writer(v), new Wariness()));
    }

    /** Whether the order of events of its streams among each other counts. */
    private static boolean isMerged(View view) {
        return view instanceof View.Fold;
    }

    /**
     * The views that take the stream's events alone: those that are declared, in their order, then all others that are
     * live.
     */
    List<NamedWriter> live(LaneViews views, String stream) {
        Map<String, View> live = new LinkedHashMap<>();
        for (View declared : pipeline.views().values()) {
            if (declared.streams().contains(stream)
                    && !isMerged(declared)
                    && !views.known().contains(declared.name())) {
                live.put(declared.name(), declared);
            } else {
                views.live().stream()
                        .filter(v ->
                                v.name().equals(declared.name()) && v.stream().equals(stream))
                        .forEach(v -> live.put(v.name(), v));
            }
        }
        views.live().stream().filter(v -> v.stream().equals(stream)).forEach(v -> live.putIfAbsent(v.name(), v));
        return live.values().stream().map(this::of).toList();
    }

    /** Those that take all of a topic's events that are theirs in the order of the offsets. */
    List<NamedWriter> merged(String topic) {
        return pipeline.streamsOf(topic).stream()
                .map(Stream::name)
                .flatMap(stream -> pipeline.viewsOf(pipeline.stream(stream)).stream())
                .filter(Writers::isMerged)
                .distinct()
                .map(this::of)
                .toList();
    }

    boolean isMerged(String topic, String stream, String view) {
        return merged(topic).stream()
                .anyMatch(w -> w.name().equals(view) && w.view().streams().contains(stream));
    }

    /** The rows that a view takes of a topic's, in the order of the offsets. */
    static Events events(NamedWriter view, List<Rows> rows) {
        return Events.merged(rows.stream()
                .filter(r -> view.view().streams().contains(r.stream().name()))
                .toList());
    }
}
