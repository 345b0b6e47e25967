package dev.leat.view.deduplication;

import dev.leat.postgres.ViewConfig;
import io.vertx.mutiny.sqlclient.Pool;

/** Repeats without Quarkus, as a process knows them that starts. */
public final class DeduplicationFixture {

    private DeduplicationFixture() {}

    public static SeenEvents seen(Pool pool, ViewConfig config) {
        return new SeenEvents(new SeenTables(pool, config));
    }
}
