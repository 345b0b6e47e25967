package dev.leat.catalog;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The active views, as Postgres has them, for queries. A snapshot is immutable and replaced as a whole by {@link #refresh()};
 * a running query keeps the snapshot that it began with.
 */
@ApplicationScoped
public class ViewCatalog {

    private static final String SELECT_VIEWS =
            "SELECT name, kind, streams, table_name, key, columns::text AS columns, version, left_at"
                    + " FROM leat.view WHERE becomes IS NULL AND table_name <> '' ORDER BY name";

    private final Pool pool;

    private final AtomicLong requests = new AtomicLong();
    private long answered; // the request that the snapshot answers; guarded by this

    // Written by whichever thread ends a refresh, read by all; each value is immutable.
    private volatile Snapshot snapshot = new Snapshot(0, Map.of());

    public ViewCatalog(Pool pool) {
        this.pool = pool;
    }

    /**
     * The views at one moment.
     *
     * @param version rises with each change of any view's columns; 0 before the first refresh
     */
    public record Snapshot(long version, Map<String, ViewTable> views) {}

    public Snapshot snapshot() {
        return snapshot;
    }

    public Collection<ViewTable> views() {
        return snapshot.views().values();
    }

    public Optional<ViewTable> view(String name) {
        return Optional.ofNullable(snapshot.views().get(name));
    }

    /** Reads the views again. An answer never replaces that to a later request. Fails when Postgres doesn't answer. */
    public Uni<Snapshot> refresh() {
        return Uni.createFrom().deferred(() -> {
            long request = requests.incrementAndGet();
            // On a connection of its own: after an outage, the pool's shorthand logs an error for each call that
            // failed.
            return pool.withConnection(c -> c.query(SELECT_VIEWS).execute())
                    .map(this::snapshotOf)
                    .invoke(read -> accept(request, read));
        });
    }

    private synchronized void accept(long request, Snapshot read) {
        if (request > answered) {
            answered = request;
            snapshot = read;
        }
    }

    private Snapshot snapshotOf(RowSet<Row> rows) {
        long version = 0;
        Map<String, ViewTable> views = new LinkedHashMap<>();
        for (Row row : rows) {
            version = Math.max(version, row.getLong("version"));
            views.put(
                    row.getString("name"),
                    new ViewTable(
                            row.getString("name"),
                            row.getString("kind"),
                            Arrays.asList(row.getArrayOfStrings("streams")),
                            row.getString("table_name"),
                            Arrays.asList(row.getArrayOfStrings("key")),
                            CatalogColumns.read(new JsonArray(row.getString("columns"))),
                            Optional.ofNullable(row.getOffsetDateTime("left_at"))
                                    .map(OffsetDateTime::toInstant)
                                    .orElse(null)));
        }
        return new Snapshot(version, java.util.Collections.unmodifiableMap(views));
    }
}
