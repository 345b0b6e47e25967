package dev.leat.query;

import dev.leat.catalog.ViewCatalog;
import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.postgres.SqlState;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
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
 * {@code leat.query.refresh}, and retries while Postgres or our tables are unavailable. A change is never missed, because
 * each round reads the whole catalogue after the previous round has ended. A failed round leaves the catalogue as it was.
 */
@ApplicationScoped
public class CatalogRefresher {

    private static final Logger LOG = Logger.getLogger(CatalogRefresher.class);

    private static final Scope CATALOGUE = Scope.process("catalogue");

    /** However many ask for views that don't exist, the catalogue is read for them only this often. */
    private static final Duration ON_DEMAND = Duration.ofMillis(500);

    private final ViewCatalog catalog;
    private final Vertx vertx;
    private final Event<ViewCatalog.Snapshot> refreshed;
    private final Failures failures;
    private final long period;
    private final boolean answersQueries;

    // Guarded by this. The last on-demand read, shared by all who ask while it runs and shortly after.
    private Uni<ViewCatalog.Snapshot> onDemand;
    private long onDemandSince;

    private final Outage outage;

    // Written once a read has succeeded and at the end, read by any thread.
    private volatile boolean read;
    private volatile boolean stopped;

    // The timer of the next round; written by a round, read at the end.
    private volatile long next = -1;

    CatalogRefresher(
            ViewCatalog catalog,
            Vertx vertx,
            Event<ViewCatalog.Snapshot> refreshed,
            QueryTimes times,
            PipelineConfig pipeline,
            Failures failures) {
        this.failures = failures;
        this.catalog = catalog;
        this.vertx = vertx;
        this.refreshed = refreshed;
        this.period = times.refresh();
        // Each round is the next try, so the pauses are not asked for.
        this.outage = new Outage(new Backoff(Duration.ofMillis(period), Duration.ofMillis(period)), new LoggedOutage());
        this.answersQueries = pipeline.roles().contains(PipelineConfig.Role.QUERY);
    }

    void start(@Observes StartupEvent event) {
        if (answersQueries) {
            round();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        vertx.cancelTimer(next);
    }

    /** Whether the catalogue has been read at least once, so that a view that isn't in it doesn't exist. */
    public boolean hasRead() {
        return read || catalog.snapshot().version() > 0;
    }

    /** Reads the catalogue now; those who ask at about the same time share one read. Never fails. */
    synchronized Uni<ViewCatalog.Snapshot> refreshOnDemand() {
        if (onDemand == null || System.nanoTime() - onDemandSince > ON_DEMAND.toNanos()) {
            onDemandSince = System.nanoTime();
            onDemand = refresh().memoize().indefinitely();
        }
        return onDemand;
    }

    /** Once it is stopped, what a round needs isn't there any more. */
    private void round() {
        if (stopped) {
            return;
        }
        refresh().subscribe().with(done -> {
            if (!stopped) {
                next = vertx.setTimer(period, timer -> round());
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

    private void succeeded(ViewCatalog.Snapshot snapshot) {
        if (stopped) {
            return;
        }
        if (!read) {
            read = true;
            LOG.infof("Read the catalogue of views: views=%s", snapshot.views().keySet());
        }
        outage.succeeded();
        failures.over(CATALOGUE);
        refreshed.fire(catalog.snapshot());
    }

    private void failed(Throwable failure) {
        if (stopped) {
            return;
        }
        // Our tables are made by whoever ingests, and that may come later.
        if (Unavailable.is(failure) || SqlState.UNDEFINED_TABLE.isOf(failure)) {
            outage.failed(failure);
            failures.report(CATALOGUE, Failure.Cause.OUTAGE, Unavailable.message(failure));
        } else {
            failures.report(CATALOGUE, Failure.Cause.DEFECT, failures.defect(CATALOGUE, failure));
        }
    }

    private static final class LoggedOutage implements Outage.Listener {

        @Override
        public void began(Throwable failure) {
            LOG.warnf("Can't read the catalogue of views, retrying: error=%s", Unavailable.message(failure));
        }

        @Override
        public void ended(Duration lasted) {
            LOG.infof("The catalogue of views is read again: outage=%s", lasted);
        }
    }
}
