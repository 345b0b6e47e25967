package dev.leat.view.rebuild;

import dev.leat.pipeline.Pipeline;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.table.TablesFixture;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.time.ViewClosing;

/** What an instance makes views anew with, without Quarkus. */
public final class RebuildFixture {

    private final Rebuilds rebuilds;
    private final RebuildRequests requests;
    private final DefinitionChanges changes;
    private final RestingViews resting;
    private final UncreatedViews uncreated;

    public RebuildFixture(
            ViewsFixture database,
            Pipeline pipeline,
            TablesFixture tables,
            LaneWriters writers,
            StreamTimes times,
            ViewClosing closing) {
        GenerationTables generations =
                new GenerationTables(pipeline, tables.definitions(), tables.tables(), tables.kept());
        rebuilds = new Rebuilds(
                database.transactions(),
                tables.definitions(),
                tables.tables(),
                generations,
                writers,
                new JoinCatchUp(database.transactions(), tables.tables(), tables.writers(), closing, times, pipeline),
                times,
                TablesFixture.catalog(database.pool()),
                database.config());
        requests = new RebuildRequests(database.transactions(), pipeline, tables.definitions(), generations);
        resting = new RestingViews(database.transactions(), generations, requests, tables.failures());
        changes = new DefinitionChanges(
                database.transactions(), pipeline, tables.definitions(), tables.writers(), requests);
        uncreated = new UncreatedViews(tables.tables(), changes, tables.failures());
    }

    public Rebuilds rebuilds() {
        return rebuilds;
    }

    public RebuildRequests requests() {
        return requests;
    }

    public DefinitionChanges changes() {
        return changes;
    }

    public UncreatedViews uncreated() {
        return uncreated;
    }

    public RestingViews resting() {
        return resting;
    }
}
