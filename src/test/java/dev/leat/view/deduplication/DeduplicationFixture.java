package dev.leat.view.deduplication;

import dev.leat.postgres.PostgresConfig;
import io.vertx.mutiny.sqlclient.Pool;

/** Duplicates without Quarkus, as a process knows them that starts. */
public final class DeduplicationFixture {

    private DeduplicationFixture() {}

    public static SeenEvents seen(Pool pool, PostgresConfig config) {
        return new SeenEvents(new SeenTables(pool, config));
    }
}
