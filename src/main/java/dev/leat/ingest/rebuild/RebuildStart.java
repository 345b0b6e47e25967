package dev.leat.ingest.rebuild;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Shape;
import dev.leat.view.rebuild.Rebuild;
import dev.leat.view.rebuild.Rebuild.State;
import dev.leat.view.rebuild.Rebuilds;
import dev.leat.view.rebuild.Rebuilds.Span;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** Begins a requested rebuild: finds where its history starts, and refuses it when events are gone. Blocks. */
@ApplicationScoped
class RebuildStart {

    private static final Logger LOG = Logger.getLogger(RebuildStart.class);

    private final Rebuilds rebuilds;
    private final RebuildStreams streams;
    private final History history;

    RebuildStart(Rebuilds rebuilds, RebuildStreams streams, History history) {
        this.rebuilds = rebuilds;
        this.streams = streams;
        this.history = history;
    }

    /**
     * Where the new generation starts.
     *
     * @param offsets by topic and partition
     * @param late the same by topic-partition, of those that start after the stream's first event
     * @param gaps what is gone, as text
     */
    private record Starts(Map<String, Map<Integer, Long>> offsets, Map<String, Long> late, List<String> gaps) {}

    /** @throws CannotRebuild it can't be begun, and trying again won't help */
    void begin(Rebuild rebuild) {
        View view = rebuild.definition();
        Map<String, Shape> shapes = streams.shapes(view);
        Starts starts = new Starts(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        if (rebuilds.keepsState(view)) {
            streams.byTopic(view).forEach((topic, ofTopic) -> find(rebuild, topic, ofTopic, starts));
        }
        if (!starts.gaps().isEmpty()) {
            String gone =
                    "events are gone that neither the lake nor the topic has: " + String.join(", ", starts.gaps());
            if (!rebuild.source().acceptsLess()) {
                refuse(rebuild.view(), gone);
                return;
            }
            LOG.warnf("history is not whole view=%s: %s", rebuild.view(), gone);
        }
        rebuilds.begin(rebuild, shapes, starts.offsets(), starts.late());
        LOG.infof("rebuild begun view=%s source=%s", rebuild.view(), rebuild.source());
    }

    private void find(Rebuild rebuild, String topic, List<Stream> ofTopic, Starts starts) {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (Span span : rebuilds.spans(topic)) {
            HistoryStart start = history.start(rebuild.source(), ofTopic, span);
            offsets.put(span.partition(), start.start());
            if (start.start() > span.first()) {
                starts.late().put(topic + "-" + span.partition(), start.start());
            }
            starts.gaps().addAll(start.gaps());
        }
        starts.offsets().put(topic, offsets);
    }

    private void refuse(String view, String gone) {
        String message = gone + "; to rebuild view " + view + " without them, POST /api/views/" + view
                + "/rebuild?from=lake, or ?from=topic for what the topic has";
        LOG.errorf("rebuild refused view=%s error=%s", view, message);
        rebuilds.giveUp(view, State.REFUSED, message);
    }
}
