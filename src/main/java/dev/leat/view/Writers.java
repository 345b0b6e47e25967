package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.view.ViewApplication.NamedWriter;
import dev.leat.view.rebuild.LaneViews;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What applies rows to views. */
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

    /** The views that a batch of this stream is applied to: those that are declared, in their order, then all others. */
    List<NamedWriter> live(LaneViews views, String stream) {
        Map<String, View> live = new LinkedHashMap<>();
        for (View declared : pipeline.views().values()) {
            if (declared.streams().contains(stream) && !views.known().contains(declared.name())) {
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
}
