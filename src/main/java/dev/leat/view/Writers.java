package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.view.ViewApplication.NamedWriter;
import dev.leat.view.rebuild.LaneViews;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
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

    /** The views that a batch of this stream is applied to. */
    List<NamedWriter> live(LaneViews views, String stream) {
        List<NamedWriter> live = new ArrayList<>();
        views.live().stream().filter(v -> v.stream().equals(stream)).forEach(v -> live.add(of(v)));
        pipeline.views().values().stream()
                .filter(v -> v.stream().equals(stream) && !views.known().contains(v.name()))
                .forEach(v -> live.add(of(v)));
        return live;
    }
}
