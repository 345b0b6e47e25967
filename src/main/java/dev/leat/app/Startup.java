package dev.leat.app;

import dev.leat.catalog.ViewsReady;
import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.pipeline.PipelineException;
import dev.leat.postgres.Migrations;
import dev.leat.retry.RetryClosedException;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.rebuild.UncreatedViews;
import dev.leat.view.release.Release;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.ViewCloser;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Makes what must exist before the first event is applied. Retries while Postgres or the registry is unavailable
 * ({@code leat.ingest.backoff-*}). A stream that can't run is parked, and a view that can't be created is left out; both are
 * tried again ({@link StreamStart}, {@link UncreatedViews}). A pipeline that can't run ends the process with the reason. For
 * the role {@code ingest} only, on a virtual thread of its own.
 */
@ApplicationScoped
class Startup {

    private static final Logger LOG = Logger.getLogger(Startup.class);
    private static final Scope SCOPE = Scope.process("start-up");

    private final PipelineConfig roles;
    private final RetryConfig config;
    private final Migrations migrations;
    private final StreamStart streams;
    private final ViewTables tables;
    private final ViewsReady views;
    private final ViewCloser closer;
    private final UncreatedViews uncreated;
    private final Release release;
    private final Failures failures;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Semaphore asked = new Semaphore(0);
    private final StartStep step;

    Startup(
            PipelineConfig roles,
            RetryConfig config,
            Migrations migrations,
            StreamStart streams,
            ViewTables tables,
            ViewsReady views,
            ViewCloser closer,
            UncreatedViews uncreated,
            Release release,
            Failures failures) {
        this.roles = roles;
        this.config = config;
        this.migrations = migrations;
        this.streams = streams;
        this.tables = tables;
        this.views = views;
        this.closer = closer;
        this.uncreated = uncreated;
        this.release = release;
        this.failures = failures;
        this.step = new StartStep(SCOPE, config, failures, closed);
    }

    /** Before the channel starts to poll. Never waits: servers may come later than we do. */
    void onStart(@Observes @Priority(10) StartupEvent event) {
        if (roles.roles().contains(PipelineConfig.Role.INGEST)) {
            Thread.ofVirtual().name("startup").start(this::run);
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        closed.complete(null);
        asked.release();
    }

    private void run() {
        try {
            takeSteps();
        } catch (ContractException | PipelineException e) {
            LOG.errorf("the pipeline can't run: %s", e.getMessage());
            Quarkus.asyncExit(1);
        } catch (RetryClosedException | InterruptedException e) {
            LOG.debug("stopped during start-up", e);
        } catch (Throwable e) {
            failures.report(SCOPE, Failure.Cause.DEFECT, "start-up has ended: " + failures.defect(SCOPE, e));
        }
    }

    private void takeSteps() throws InterruptedException {
        streams.onResume(asked::release);
        tables.onResume(asked::release);
        step.run("Postgres", migrations::run);
        tables.requireFolds();
        step.run("the registry", streams::settleAll);
        views.complete();
        closer.start();
        release.start();
        while (!closed.isDone()) {
            asked.tryAcquire(config.backoffMax().toMillis(), TimeUnit.MILLISECONDS);
            asked.drainPermits();
            if (!closed.isDone()) {
                streams.settleParked();
                uncreated.createAgain();
            }
        }
    }
}
