package dev.leat.ingest.rebuild;

import dev.leat.catalog.ViewsReady;
import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Loop;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import dev.leat.retry.RetryClosedException;
import dev.leat.view.rebuild.Rebuild;
import dev.leat.view.rebuild.Rebuilds;
import dev.leat.view.rebuild.RestingViews;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Claims rebuilds that no instance works on: requested ones, and those whose instance has died or stalled for ten seconds. A
 * claim only keeps instances out of each other's way; exactly once is kept by each step's transaction.
 */
@ApplicationScoped
public class RebuildLoop {

    private static final Logger LOG = Logger.getLogger(RebuildLoop.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Scope CLAIMING = Scope.process("rebuilds");
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(3);

    private final Rebuilds rebuilds;
    private final RebuildStart start;
    private final LaneCatchUps catchUps;
    private final RebuildMeters meters;
    private final RestingViews resting;
    private final Failures failures;
    private final ViewsReady viewsReady;
    private final PipelineConfig roles;
    private final UUID me = UUID.randomUUID();

    // Replaced by the loop, read by those who work.
    private volatile Set<String> mine = Set.of();
    private final Set<String> working = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    RebuildLoop(
            Rebuilds rebuilds,
            RebuildStart start,
            LaneCatchUps catchUps,
            RebuildMeters meters,
            RestingViews resting,
            Failures failures,
            ViewsReady viewsReady,
            PipelineConfig roles) {
        this.rebuilds = rebuilds;
        this.start = start;
        this.catchUps = catchUps;
        this.meters = meters;
        this.resting = resting;
        this.failures = failures;
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
        stopped.complete(null);
        if (!mine.isEmpty()) {
            mine = Set.of();
            try {
                rebuilds.release(me);
            } catch (RuntimeException e) {
                LOG.debugf("claims not released error=%s", e.getMessage());
            }
        }
    }

    private void loop() {
        Loop.run(stopped, EVERY, this::claim);
    }

    private void claim() {
        try {
            mine = Set.copyOf(rebuilds.claim(me));
            List<Rebuild> all = rebuilds.all();
            meters.observe(all);
            resting.show(all);
            mine.stream()
                    .filter(working::add)
                    .forEach(view -> Thread.ofVirtual().name("rebuild-" + view).start(() -> work(view)));
            failures.over(CLAIMING);
        } catch (RuntimeException e) {
            mine = Set.of();
            if (Unavailable.is(e)) {
                LOG.debugf("rebuilds not claimed error=%s", e.getMessage());
            } else {
                failures.report(CLAIMING, Failure.Cause.DEFECT, failures.defect(CLAIMING, e));
            }
        }
    }

    private void work(String view) {
        Outage outage = new Outage(new Backoff(AFTER_FAILURE, AFTER_FAILURE), new RebuildOutage(view));
        RebuildSpeed speed = new RebuildSpeed(view, rebuilds);
        BooleanSupplier isMine = () -> !stopped.isDone() && mine.contains(view);
        RebuildWork work = new RebuildWork(rebuilds, start, catchUps, view, isMine, events -> {
            outage.succeeded();
            speed.applied(events);
        });
        try {
            new Retry(outage, Unavailable::is, stopped).ask(() -> {
                // Another instance may have claimed it during the pause.
                if (isMine.getAsBoolean()) {
                    work.run();
                    outage.succeeded();
                }
                return null;
            });
        } catch (RetryClosedException | InterruptedException e) {
            LOG.debugf("rebuild stopped view=%s", view);
        } catch (RuntimeException e) {
            giveUp(view, e);
        } finally {
            working.remove(view);
        }
    }

    /** A rebuild that fails by a fault of ours is over; a view that catches up rests again. */
    private void giveUp(String view, RuntimeException fault) {
        String message = failures.defect(Scope.view(view), fault);
        try {
            rebuilds.giveUp(view, Rebuild.State.FAILED, message);
        } catch (RuntimeException e) {
            // The next claim tries again.
            LOG.warnf("rebuild not given up view=%s error=%s", view, Unavailable.message(e));
        }
    }

    private record RebuildOutage(String view) implements Outage.Listener {

        @Override
        public void began(Throwable failure) {
            LOG.warnf("rebuild waits view=%s error=%s", view, Unavailable.message(failure));
            LOG.debug("rebuild", failure);
        }

        @Override
        public void ended(Duration lasted) {
            LOG.infof("rebuild goes on view=%s after=%s", view, lasted);
        }
    }
}
