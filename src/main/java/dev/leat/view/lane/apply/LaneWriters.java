package dev.leat.view.lane.apply;

import dev.leat.catalog.LaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.view.table.ViewTables;
import dev.leat.view.table.ViewWriters;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The writers of views that lanes share, and which of them are a lane's. */
@ApplicationScoped
public class LaneWriters {

    private final Pipeline pipeline;
    private final ViewTables tables;
    private final ViewWriters made;
    private final Map<View, NamedWriter> writers = new ConcurrentHashMap<>();

    public LaneWriters(Pipeline pipeline, ViewTables tables, ViewWriters made) {
        this.pipeline = pipeline;
        this.tables = tables;
        this.made = made;
    }

    public NamedWriter of(View view) {
        return writers.computeIfAbsent(view, v -> new NamedWriter(v, made.of(v), new FailureCooldown()));
    }

    /** The views that are live on a lane of the topic. */
    public LiveViews live(LaneViews views, String topic) {
        Map<String, View> existing = new LinkedHashMap<>();
        views.live().forEach(view -> existing.put(view.name(), view));
        Map<String, View> live = new LinkedHashMap<>();
        for (View declared : pipeline.views().values()) {
            View there = existing.remove(declared.name());
            if (there != null) {
                live.put(there.name(), there);
            } else if (!views.known().contains(declared.name()) && follows(declared, topic) && !isRefused(declared)) {
                live.put(declared.name(), declared);
            }
        }
        live.putAll(existing);
        List<NamedWriter> all = live.values().stream().map(this::of).toList();
        List<NamedWriter> lagging =
                views.lagging().keySet().stream().map(this::of).toList();
        return new LiveViews(tables, topic, views, all, lagging);
    }

    private boolean isRefused(View declared) {
        return declared instanceof View.Sql sql && made.of(sql).isRefused();
    }

    private boolean follows(View view, String topic) {
        return pipeline.streamsOf(topic).stream()
                .anyMatch(stream -> view.streams().contains(stream.name()));
    }
}
