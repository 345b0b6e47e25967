package dev.leat.view.lane;

import dev.leat.catalog.PgLaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Transacting;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.table.ViewTables;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads what a lane must know before it decodes a batch: its parked keys and its views. Blocks. */
@ApplicationScoped
public class PgParkedKeys {

    private final Pipeline pipeline;
    private final ViewTables tables;
    private final PgCheckpoints checkpoints;
    private final Transacting transactions;

    PgParkedKeys(Pipeline pipeline, ViewTables tables, PgCheckpoints checkpoints, Transacting transactions) {
        this.pipeline = pipeline;
        this.tables = tables;
        this.checkpoints = checkpoints;
        this.transactions = transactions;
    }

    /** The lane's parked keys and views as they are now. */
    public ParkedKeys of(String topic, int partition) {
        pipeline.streamsOf(topic).forEach(tables::invalidate);
        // The version first: keys that are newer than it only make the next batch ask again.
        long version = checkpoints.parkedVersion(topic, partition);
        return transactions.run(tx -> ParkedEvents.keysInTransaction(tx, topic, partition, version)
                .with(PgLaneViews.ofLane(tx, pipeline, topic, partition)));
    }
}
