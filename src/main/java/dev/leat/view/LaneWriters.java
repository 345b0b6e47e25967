package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Rows;
import dev.leat.view.sql.SqlView;
import dev.leat.view.standing.LaneViews;
import dev.leat.view.table.ViewTables;
import dev.leat.view.table.ViewWriters;
import dev.leat.view.writer.Events;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
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
        return writers.computeIfAbsent(view, v -> new NamedWriter(v, made.of(v), new Wariness()));
    }

    /** Whether the order of events of its streams among each other counts. */
    public static boolean isMerged(View view) {
        return view instanceof View.Fold;
    }

    /** All views that are live on a lane: those that are declared, in their order, then all others. */
    private List<NamedWriter> live(LaneViews views, String topic) {
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
        return live.values().stream().map(this::of).toList();
    }

    private boolean follows(View view, String topic) {
        return pipeline.streamsOf(topic).stream()
                .anyMatch(stream -> view.streams().contains(stream.name()));
    }

    /** The views that take the stream's events alone. */
    public List<NamedWriter> ofStream(LaneViews views, Stream stream) {
        return live(views, stream.topic()).stream()
                .filter(w -> !isMerged(w.view()) && w.view().streams().contains(stream.name()))
                // Rows that other lanes change too are locked last, and so for the shortest time.
                .sorted(Comparator.comparing(w -> w.writer().sharesRows()))
                .toList();
    }

    /** Those that take all of a topic's events that are theirs in the order of the offsets. */
    public List<NamedWriter> merged(LaneViews views, String topic) {
        return live(views, topic).stream().filter(w -> isMerged(w.view())).toList();
    }

    /** Whether no view has lately met an event that it couldn't hold. */
    boolean areTrusted(LaneViews views, String topic) {
        return live(views, topic).stream().noneMatch(view -> view.wariness().isRaised());
    }

    /** Within the transaction of a batch, once it is known that these are the lane's. */
    public void serve(String topic, LaneViews views) {
        List<SqlView> all = new ArrayList<>();
        live(views, topic).forEach(view -> add(view, all));
        views.behind().keySet().forEach(view -> add(of(view), all));
        tables.serve(topic, views, all);
    }

    private static void add(NamedWriter view, List<SqlView> all) {
        if (view.writer() instanceof SqlView sql) {
            all.add(sql);
        }
    }

    /** The rows that a view takes of a topic's, in the order of the offsets. */
    public static Events events(NamedWriter view, List<Rows> rows) {
        return Events.merged(rows.stream()
                .filter(r -> view.view().streams().contains(r.stream().name()))
                .toList());
    }
}
