package dev.leat.ops.view;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Loop;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.pipeline.View;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.SqlState;
import dev.leat.retry.Retry;
import dev.leat.view.table.ViewWriters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Counts the groups of views that have a null because it can't be computed. Each count reads all groups of a view, so it
 * takes at most a hundredth of the time: the next comes after a hundred times as long as the last has taken.
 */
@ApplicationScoped
class UncomputedGroups {

    private static final Logger LOG = Logger.getLogger(UncomputedGroups.class);
    private static final Duration AT_LEAST = Duration.ofSeconds(5);
    private static final int TIMES_AS_LONG = 100;

    private final Pipeline pipeline;
    private final ViewWriters writers;
    private final Pool pool;
    private final PostgresConfig config;
    private final MeterRegistry meters;
    private final Failures failures;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // As they were counted last; read by gauges.
    private final Map<String, Long> counted = new ConcurrentHashMap<>();

    UncomputedGroups(
            Pipeline pipeline,
            ViewWriters writers,
            Pool pool,
            PostgresConfig config,
            MeterRegistry meters,
            Failures failures) {
        this.pipeline = pipeline;
        this.writers = writers;
        this.pool = pool;
        this.config = config;
        this.meters = meters;
        this.failures = failures;
    }

    void start(@Observes StartupEvent event, PipelineConfig roles) {
        if (roles.roles().contains(PipelineConfig.Role.INGEST)) {
            Thread.ofVirtual().name("uncomputed-groups").start(this::loop);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.complete(null);
    }

    private void loop() {
        Loop.run(stopped, AT_LEAST, () -> {
            long began = System.nanoTime();
            look();
            Duration pause = Duration.ofNanos((System.nanoTime() - began) * TIMES_AS_LONG);
            Retry.pause(stopped, pause.minus(AT_LEAST));
        });
    }

    /** Blocks. */
    void look() {
        for (View view : pipeline.views().values()) {
            if (view instanceof View.Sql sql) {
                writers.of(sql).countUncomputed().ifPresent(select -> count(view.name(), select));
            }
        }
    }

    private void count(String view, String select) {
        Scope scope = Scope.process("counting groups of " + view);
        try {
            show(view, ask(select));
            failures.over(scope);
        } catch (RuntimeException e) {
            // Another instance may have dropped or replaced it.
            if (Unavailable.is(e) || SqlState.UNDEFINED_TABLE.isOf(e)) {
                LOG.debugf("groups not counted view=%s error=%s", view, e.getMessage());
            } else {
                failures.report(scope, Failure.Cause.DEFECT, failures.defect(scope, e));
            }
        }
    }

    private long ask(String select) {
        return pool.query(select)
                .execute()
                .await()
                .atMost(config.timeout())
                .iterator()
                .next()
                .getLong(0);
    }

    private void show(String view, long groups) {
        if (counted.put(view, groups) == null) {
            Gauge.builder("leat.view.groups.uncomputed", counted, all -> all.get(view))
                    .description("groups of a view of which something can't be computed, and is null")
                    .tag("view", view)
                    .register(meters);
        }
    }
}
