package dev.leat.view.redrive;

import dev.leat.catalog.LaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.view.deadletter.StoredEvent;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.lane.apply.LiveViews;
import dev.leat.view.lane.apply.NamedWriter;
import java.util.ArrayList;
import java.util.List;

/** The views of a lane that are to have an event by now. Views that still catch up get it when they reach it. */
final class ReachedViews {

    private final Pipeline pipeline;
    private final LaneWriters writers;
    private final LaneViews views;
    private final LiveViews live;

    ReachedViews(Pipeline pipeline, LaneWriters writers, LaneViews views, LiveViews live) {
        this.pipeline = pipeline;
        this.writers = writers;
        this.views = views;
        this.live = live;
    }

    /** Those that take the stream's events alone. */
    List<NamedWriter> ofStream(Stream stream, long offset) {
        List<NamedWriter> reached = new ArrayList<>(live.ofStream(stream));
        views.lagging().forEach((view, next) -> {
            if (!NamedWriter.isMerged(view) && view.streams().contains(stream.name()) && offset < next) {
                reached.add(writers.of(view));
            }
        });
        return reached;
    }

    /** Those that take the topic's events in their common order. */
    List<NamedWriter> merged(long offset) {
        List<NamedWriter> merged = new ArrayList<>(live.merged());
        views.lagging().forEach((view, next) -> {
            if (NamedWriter.isMerged(view) && offset < next) {
                merged.add(writers.of(view));
            }
        });
        return merged;
    }

    /** A view that has left the pipeline can't take anything; what is meant for it can only be evicted. */
    boolean isStillDeclared(StoredEvent event) {
        return event.stream == null || pipeline.streams().containsKey(event.stream) && isStillTaken(event);
    }

    private boolean isStillTaken(StoredEvent event) {
        if (event.view == null) {
            return true;
        }
        boolean isOfStream = ofStream(pipeline.stream(event.stream), event.offset).stream()
                .anyMatch(view -> view.name().equals(event.view));
        return isOfStream
                || merged(event.offset).stream()
                        .anyMatch(view -> view.name().equals(event.view)
                                && view.view().streams().contains(event.stream));
    }
}
