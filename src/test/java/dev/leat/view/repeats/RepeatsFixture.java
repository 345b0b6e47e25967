package dev.leat.view.repeats;

import dev.leat.view.statement.ViewConfig;
import io.vertx.mutiny.sqlclient.Pool;

/** Repeats without Quarkus, as a process knows them that starts. */
public final class RepeatsFixture {

    private RepeatsFixture() {}

    public static SeenEvents seen(Pool pool, ViewConfig config) {
        return new SeenEvents(new SeenTables(pool, config));
    }
}
