package dev.leat.ingest.rebuild;

import dev.leat.catalog.ViewsReady;
import dev.leat.pipeline.PipelineConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Takes up rebuilds that nobody works on: those that were asked for, and those whose instance has died or stalled for ten
 * seconds. A claim only keeps instances out of each other's way; that none applies an event twice is Postgres's doing.
 */
@ApplicationScoped
public class RebuildLoop {

    private static final Logger LOG = Logger.getLogger(RebuildLoop.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(3);

    private final RebuildResources leat;
    private final RebuildMeters meters;
    private final ViewsReady viewsReady;
    private final PipelineConfig roles;
    private final UUID me = UUID.randomUUID();

    // Replaced by the loop, read by those who work.
    private volatile Set<String> mine = Set.of();
    private final Set<String> working = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    RebuildLoop(RebuildResources leat, RebuildMeters meters, ViewsReady viewsReady, PipelineConfig roles) {
        this.leat = leat;
        this.meters = meters;
        this.viewsReady = viewsReady;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (roles.roles().contains(PipelineConfig.Role.INGEST)) {
            viewsReady
                    .whenReady()
                    .thenRun(() -> Thread.ofVirtual().name("rebuilds").start(this::loop));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        if (!mine.isEmpty()) {
            mine = Set.of();
            try {
                leat.rebuilds.letGo(me);
            } catch (RuntimeException e) {
                LOG.debugf("claims not let go error=%s", e.getMessage());
            }
        }
    }

    private void loop() {
        while (!stopped) {
            try {
                mine = Set.copyOf(leat.rebuilds.claim(me));
                meters.observe(leat.rebuilds.all());
                mine.stream().filter(working::add).forEach(view -> Thread.ofVirtual()
                        .name("rebuild-" + view)
                        .start(() -> work(view)));
            } catch (RuntimeException e) {
                mine = Set.of();
                LOG.debugf("rebuilds not claimed error=%s", e.getMessage());
            }
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    private void work(String view) {
        try {
            new RebuildWork(leat, view, () -> !stopped && mine.contains(view)).run();
        } catch (RuntimeException e) {
            if (!stopped) {
                LOG.warnf("rebuild waits view=%s error=%s", view, e.getMessage());
                LOG.debug("rebuild", e);
                LockSupport.parkNanos(AFTER_FAILURE.toNanos());
            }
        } finally {
            working.remove(view);
        }
    }
}
