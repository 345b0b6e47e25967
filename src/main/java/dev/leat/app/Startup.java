package dev.leat.app;

import dev.leat.catalog.ViewsReady;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Migrations;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import dev.leat.retry.RetryClosedException;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.Contracts;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.rebuild.DefinitionChanges;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.ViewCloser;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Makes what must exist before the first event is applied. Retries while Postgres or the registry is unavailable
 * ({@code leat.ingest.backoff-*}); a pipeline that can't run ends the process with the reason. For the role {@code ingest}
 * only, on a virtual thread of its own.
 */
@ApplicationScoped
class Startup {

    private static final Logger LOG = Logger.getLogger(Startup.class);

    private final Pipeline pipeline;
    private final PipelineConfig roles;
    private final RetryConfig config;
    private final Migrations migrations;
    private final Contracts contracts;
    private final DefinitionChanges changes;
    private final ViewTables tables;
    private final ViewsReady views;
    private final ViewCloser closer;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    Startup(
            Pipeline pipeline,
            PipelineConfig roles,
            RetryConfig config,
            Migrations migrations,
            Contracts contracts,
            DefinitionChanges changes,
            ViewTables tables,
            ViewsReady views,
            ViewCloser closer) {
        this.pipeline = pipeline;
        this.roles = roles;
        this.config = config;
        this.migrations = migrations;
        this.contracts = contracts;
        this.changes = changes;
        this.tables = tables;
        this.views = views;
        this.closer = closer;
    }

    /** Before the channel starts to poll. Never waits: servers may come later than we do. */
    void onStart(@Observes @Priority(10) StartupEvent event) {
        if (roles.roles().contains(PipelineConfig.Role.INGEST)) {
            Thread.ofVirtual().name("startup").start(this::run);
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        closed.complete(null);
    }

    private void run() {
        try {
            takeSteps();
        } catch (ContractException | PipelineException e) {
            LOG.errorf("the pipeline can't run: %s", e.getMessage());
            Quarkus.asyncExit(1);
        } catch (RetryClosedException | InterruptedException e) {
            LOG.debug("stopped during start-up", e);
        }
    }

    private void takeSteps() throws InterruptedException {
        step("Postgres", migrations::run);
        step("the registry", contracts::settle);
        step("the folds", tables::requireFolds);
        for (Stream stream : streamsWithColumns()) {
            step("Postgres", () -> changes.settle(stream));
        }
        for (Stream stream : streamsWithColumns()) {
            step("Postgres", () -> tables.ensure(stream, contracts.shape(stream).orElseThrow()));
        }
        views.complete();
        closer.start();
    }

    /** No event was ever applied of a stream whose columns are unknown, so its views have no history to derive from. */
    private List<Stream> streamsWithColumns() {
        return pipeline.streams().values().stream()
                .filter(stream -> contracts.shape(stream).isPresent())
                .toList();
    }

    private void step(String server, Retry.Action<RuntimeException> step) throws InterruptedException {
        Outage outage = new Outage(new Backoff(config.backoffMin(), config.backoffMax()), new Outage.Listener() {
            @Override
            public void began(Throwable failure) {
                LOG.infof("waiting for %s: %s", server, failure.getMessage());
                LOG.debug("start-up", failure);
            }

            @Override
            public void ended(Duration lasted) {
                LOG.infof("%s is available now", server);
            }
        });
        new Retry(outage, Startup::isUnavailable, closed).run(step);
    }

    private static boolean isUnavailable(Exception failure) {
        return !(failure instanceof ContractException || failure instanceof PipelineException);
    }
}
