package dev.leat.query;

import dev.leat.catalog.ViewCatalog;
import dev.leat.pipeline.PipelineConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Keeps the catalogue of views current where queries are answered: reads it at start and every
 * {@code leat.query.refresh}, and tries on for as long as Postgres or our tables aren't there. A change is never missed:
 * each round reads the whole catalogue, after the one before has ended. A failing round leaves the catalogue as it was.
 */
@ApplicationScoped
public class CatalogRefresher {

    private static final Logger LOG = Logger.getLogger(CatalogRefresher.class);

    /** However many ask for views that don't exist, the catalogue is read for them only this often. */
    private static final Duration ON_DEMAND = Duration.ofMillis(500);

    private final ViewCatalog catalog;
    private final Vertx vertx;
    private final Event<ViewCatalog.Snapshot> refreshed;
    private final long period;
    private final boolean answersQueries;

    // Guarded by this. The last on-demand read, shared by all who ask while it runs and shortly after.
    private Uni<ViewCatalog.Snapshot> onDemand;
    private long onDemandSince;

    // Written by the round that ends, read by any thread.
    private volatile State state = State.STARTING;
    private volatile boolean stopped;

    private enum State {
        STARTING,
        CURRENT,
        FAILING
    }

    CatalogRefresher(
            ViewCatalog catalog,
            Vertx vertx,
            Event<ViewCatalog.Snapshot> refreshed,
            QueryTimes times,
            PipelineConfig pipeline) {
        this.catalog = catalog;
        this.vertx = vertx;
        this.refreshed = refreshed;
        this.period = times.refresh();
        this.answersQueries = pipeline.roles().contains(PipelineConfig.Role.QUERY);
    }

    void start(@Observes StartupEvent event) {
        if (answersQueries) {
            round();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** Whether the catalogue has been read at least once, so that a view that isn't in it doesn't exist. */
    public boolean hasRead() {
        return state == State.CURRENT || catalog.snapshot().version() > 0;
    }

    /** Reads the catalogue now; those who ask at about the same time share one read. Never fails. */
    synchronized Uni<ViewCatalog.Snapshot> refreshOnDemand() {
        if (onDemand == null || System.nanoTime() - onDemandSince > ON_DEMAND.toNanos()) {
            onDemandSince = System.nanoTime();
            onDemand = refresh().memoize().indefinitely();
        }
        return onDemand;
    }

    private void round() {
        refresh().subscribe().with(done -> {
            if (!stopped) {
                vertx.setTimer(period, timer -> round());
            }
        });
    }

    private Uni<ViewCatalog.Snapshot> refresh() {
        return catalog.refresh()
                .invoke(this::succeeded)
                .onFailure()
                .invoke(this::failed)
                .onFailure()
                .recoverWithItem(catalog::snapshot);
    }

    private void succeeded(ViewCatalog.Snapshot read) {
        if (state != State.CURRENT) {
            LOG.infof("Read the catalogue of views: views=%s", read.views().keySet());
        }
        state = State.CURRENT;
        refreshed.fire(catalog.snapshot());
    }

    private void failed(Throwable failure) {
        if (state != State.FAILING && !stopped) {
            LOG.warnf("Can't read the catalogue of views, trying on: error=%s", failure.getMessage());
        }
        state = State.FAILING;
    }
}
