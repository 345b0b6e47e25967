package dev.leat.view.lane;

import dev.leat.catalog.LaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Rows;
import dev.leat.view.table.ViewTables;
import dev.leat.view.table.ViewWriters;
import dev.leat.view.writer.OrderedEvents;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What applies the events of lanes to views. */
@ApplicationScoped
public class LaneWriters {

    private final Pipeline pipeline;
    private final ViewTables tables;
    private final ViewWriters made;
    private final Map<View, NamedWriter> writers = new ConcurrentHashMap<>();

    LaneWriters(Pipeline pipeline, ViewTables tables, ViewWriters made) {
        this.pipeline = pipeline;
        this.tables = tables;
        this.made = made;
    }

    public NamedWriter of(View view) {
        return writers.computeIfAbsent(view, v -> new NamedWriter(v, made.of(v), new FailureCooldown()));
    }

    /** Whether the order of events of its streams among each other counts. */
    public static boolean isMerged(View view) {
        return view instanceof View.Fold;
    }

    /** The views that are live on a lane of the topic. */
    public LiveViews live(LaneViews views, String topic) {
        Map<String, View> standing = new LinkedHashMap<>();
        views.live().forEach(view -> standing.put(view.name(), view));
        Map<String, View> live = new LinkedHashMap<>();
        for (View declared : pipeline.views().values()) {
            View there = standing.remove(declared.name());
            if (there != null) {
                live.put(there.name(), there);
            } else if (!views.known().contains(declared.name()) && follows(declared, topic)) {
                live.put(declared.name(), declared);
            }
        }
        live.putAll(standing);
        List<NamedWriter> all = live.values().stream().map(this::of).toList();
        List<NamedWriter> behind =
                views.lagging().keySet().stream().map(this::of).toList();
        return new LiveViews(tables, topic, views, all, behind);
    }

    private boolean follows(View view, String topic) {
        return pipeline.streamsOf(topic).stream()
                .anyMatch(stream -> view.streams().contains(stream.name()));
    }

    /** The rows that a view takes of a topic's, in the order of the offsets. */
    public static OrderedEvents events(NamedWriter view, List<Rows> rows) {
        return OrderedEvents.merged(rows.stream()
                .filter(r -> view.view().streams().contains(r.stream().name()))
                .toList());
    }
}
