package dev.leat.ingest.lane;

import dev.leat.catalog.ViewsReady;
import dev.leat.ingest.IngestConfig;
import dev.leat.ingest.channel.Acknowledgements;
import dev.leat.lake.Lake;
import dev.leat.pipeline.Pipeline;
import dev.leat.relay.DeadLetterCopies;
import dev.leat.schema.Contracts;
import dev.leat.view.lane.BatchApplier;
import dev.leat.view.time.StreamTimes;
import jakarta.inject.Singleton;

/** What every lane needs of others. A singleton, not a proxied bean, because its fields are read. */
@Singleton
class LaneResources {

    final Pipeline pipeline;
    final Contracts contracts;
    final BatchApplier views;
    final StreamTimes times;
    final Lake lake;
    final IngestConfig config;
    final ViewsReady viewsReady;
    final Acknowledgements acknowledgements;
    final LaneMeters meters;
    final DeadLetterCopies copies;

    LaneResources(
            Pipeline pipeline,
            Contracts contracts,
            BatchApplier views,
            StreamTimes times,
            Lake lake,
            IngestConfig config,
            ViewsReady viewsReady,
            Acknowledgements acknowledgements,
            LaneMeters meters,
            DeadLetterCopies copies) {
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.views = views;
        this.times = times;
        this.lake = lake;
        this.config = config;
        this.viewsReady = viewsReady;
        this.acknowledgements = acknowledgements;
        this.meters = meters;
        this.copies = copies;
    }

    /** The columns that the views of a topic's streams have come to, whoever brought them. */
    void learnColumns(String topic) {
        pipeline.streamsOf(topic).forEach(stream -> contracts.widen(stream, views.columns(stream)));
    }
}
