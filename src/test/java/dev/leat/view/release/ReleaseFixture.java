package dev.leat.view.release;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.table.TablesFixture;
import dev.leat.view.time.StreamTimes;

/** What an instance releases waiting events with, without Quarkus. */
public final class ReleaseFixture {

    private final ViewRelease release;

    public ReleaseFixture(
            Transacting transactions,
            Pipeline pipeline,
            EventDecoder decoder,
            TablesFixture tables,
            StreamTimes times) {
        LaneWriters writers = new LaneWriters(pipeline, tables.tables(), tables.writers());
        this.release = new ViewRelease(transactions, pipeline, decoder, tables.tables(), writers, times);
    }

    /** Of all views. */
    public Released release() {
        Released all = Released.NOTHING;
        for (var view : release.views()) {
            all = all.plus(release.release(view));
        }
        return all;
    }
}
