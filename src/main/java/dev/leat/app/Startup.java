package dev.leat.app;

import dev.leat.ingest.IngestConfig;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.pipeline.PipelineException;
import dev.leat.postgres.Migrations;
import dev.leat.retry.Backoff;
import dev.leat.schema.Contracts;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.rebuild.DefinitionChanges;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.ViewCloser;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * What must be there before the first event is applied: Leat's own tables, the contracts, the views' tables. Waits for
 * Postgres and for the registry as long as it takes; a contract that can't serve ends the process with the reason.
 */
@ApplicationScoped
public class Startup {

    private static final Logger LOG = Logger.getLogger(Startup.class);

    private final Pipeline pipeline;
    private final PipelineConfig roles;
    private final IngestConfig config;
    private final Migrations migrations;
    private final Contracts contracts;
    private final DefinitionChanges changes;
    private final ViewTables tables;
    private final ViewCloser closing;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    Startup(
            Pipeline pipeline,
            PipelineConfig roles,
            IngestConfig config,
            Migrations migrations,
            Contracts contracts,
            DefinitionChanges changes,
            ViewTables tables,
            ViewCloser closing) {
        this.pipeline = pipeline;
        this.roles = roles;
        this.config = config;
        this.migrations = migrations;
        this.contracts = contracts;
        this.changes = changes;
        this.tables = tables;
        this.closing = closing;
    }

    /** Before the channel starts to poll. Never waits: servers may come later than we do. */
    void onStart(@Observes @Priority(10) StartupEvent event) {
        if (roles.roles().contains(PipelineConfig.Role.INGEST)) {
            Thread.ofVirtual().name("startup").start(this::settle);
        }
    }

    /** Completes when the first event may be applied. */
    public CompletionStage<Void> whenSettled() {
        return settled.minimalCompletionStage();
    }

    public boolean isSettled() {
        return settled.isDone();
    }

    public void awaitSettled(CompletableFuture<Void> orClosing) throws InterruptedException {
        try {
            CompletableFuture.anyOf(settled, orClosing).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void settle() {
        insist("Postgres", migrations::run);
        insist("the registry", contracts::settle);
        insist("the folds", tables::requireFolds);
        // Nothing was ever applied of a stream whose columns nobody knows: there is no history to make its views of.
        pipeline.streams().values().stream()
                .filter(stream -> contracts.shape(stream).isPresent())
                .forEach(stream -> insist("Postgres", () -> changes.settle(stream)));
        pipeline.streams().values().forEach(stream -> contracts
                .shape(stream)
                .ifPresent(shape -> insist("Postgres", () -> tables.ensure(stream, shape))));
        settled.complete(null);
        closing.start();
    }

    private void insist(String whom, Runnable step) {
        Backoff backoff = new Backoff(config.backoffMin(), config.backoffMax(), ThreadLocalRandom.current());
        while (true) {
            try {
                step.run();
                if (backoff.tries() > 0) {
                    LOG.infof("%s is there now", whom);
                }
                return;
            } catch (ContractException | PipelineException e) {
                LOG.errorf("the pipeline can't run: %s", e.getMessage());
                Quarkus.asyncExit(1);
                java.util.concurrent.locks.LockSupport.park();
            } catch (RuntimeException e) {
                if (backoff.tries() == 0) {
                    LOG.infof("waiting for %s: %s", whom, e.getMessage());
                    LOG.debug("start-up", e);
                }
                java.util.concurrent.locks.LockSupport.parkNanos(backoff.next().toNanos());
            }
        }
    }
}
