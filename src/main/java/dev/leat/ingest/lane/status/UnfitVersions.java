package dev.leat.ingest.lane.status;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.postgres.PostgresConfig;
import dev.leat.schema.topic.Rejected;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Versions of contracts whose events are dead letters because they don't fit, on the board of {@link Failures} until none of
 * these is open any more. Thread-safe.
 */
@ApplicationScoped
public class UnfitVersions {

    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final String SELECT_OPEN = """
            SELECT stream, schema_id, min(message) FROM leat.dead_letter
            WHERE resolution IS NULL AND reason = 'UNFIT_VERSION' AND stream IS NOT NULL AND schema_id IS NOT NULL
            GROUP BY 1, 2""";

    private final Failures failures;
    private final Pool pool;
    private final PostgresConfig config;
    private final Set<Scope> shown = ConcurrentHashMap.newKeySet();

    // Of whoever looks, one thread.
    private boolean isBegun;
    private long lookedAt = System.nanoTime();

    UnfitVersions(Failures failures, Pool pool, PostgresConfig config) {
        this.failures = failures;
        this.pool = pool;
        this.config = config;
    }

    /** After a batch was committed with these. */
    public void saw(List<Rejected> rejected) {
        for (Rejected record : rejected) {
            if (record.reason() == Rejected.Reason.UNFIT_VERSION
                    && record.stream() != null
                    && record.schemaId() != null) {
                show(Scope.version(record.stream(), record.schemaId()), record.message());
            }
        }
    }

    private void show(Scope version, String message) {
        if (shown.add(version)) {
            failures.report(version, Failure.Cause.UNFIT, message);
        }
    }

    /** Takes back those whose dead letters were resolved. Asks Postgres only while there are some. Blocks. */
    public void look() {
        long now = System.nanoTime();
        if (isBegun && (shown.isEmpty() || now - lookedAt < EVERY.toNanos())) {
            return;
        }
        lookedAt = now;
        Set<Scope> before = Set.copyOf(shown);
        Map<Scope, String> open = new HashMap<>();
        for (Row row : pool.query(SELECT_OPEN).execute().await().atMost(config.timeout())) {
            open.put(Scope.version(row.getString(0), row.getLong(1)), row.getString(2));
        }
        isBegun = true;
        open.forEach(this::show);
        for (Scope version : before) {
            if (!open.containsKey(version) && shown.remove(version)) {
                failures.over(version, Failure.Cause.UNFIT);
            }
        }
    }
}
