package dev.leat.ingest.rebuild;

import dev.leat.pipeline.View;
import dev.leat.view.lane.PastRows;
import dev.leat.view.rebuild.LaneToCatchUp;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuilds;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.IntConsumer;

/** Opens the catch-up of a view with one lane. */
@ApplicationScoped
class LaneCatchUps {

    private final Rebuilds rebuilds;
    private final PastRows pastRows;
    private final RebuildStreams streams;
    private final History history;
    private final RebuildConfig config;

    LaneCatchUps(Rebuilds rebuilds, PastRows pastRows, RebuildStreams streams, History history, RebuildConfig config) {
        this.rebuilds = rebuilds;
        this.pastRows = pastRows;
        this.streams = streams;
        this.history = history;
        this.config = config;
    }

    /**
     * @param generation of the view, that is filled
     * @param applied told how many events each batch applied
     */
    LaneCatchUp open(View generation, LaneToCatchUp lane, Source source, IntConsumer applied) {
        return new LaneCatchUp(rebuilds, pastRows, streams, history, config, generation, lane, source, applied);
    }
}
