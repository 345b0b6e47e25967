package dev.leat.ingest.lane;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Loop;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.ingest.lane.status.DeadLetterLog;
import dev.leat.ingest.lane.status.UnfitVersions;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.postgres.LockHolders;
import dev.leat.postgres.SqlState;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Looks at lanes from outside, every two seconds: which of them wait for a lock, and who holds it; which dead letters were
 * counted rather than logged; and which unfit versions have none any more. A lane in the middle of a statement can't say so itself.
 */
@ApplicationScoped
class LaneWatch {

    private static final Logger LOG = Logger.getLogger(LaneWatch.class);
    private static final Scope SCOPE = Scope.process("watching lanes");
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(4);

    private final Lanes lanes;
    private final LockHolders locks;
    private final DeadLetterLog letters;
    private final UnfitVersions unfit;
    private final Failures failures;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    LaneWatch(Lanes lanes, LockHolders locks, DeadLetterLog letters, UnfitVersions unfit, Failures failures) {
        this.lanes = lanes;
        this.locks = locks;
        this.letters = letters;
        this.unfit = unfit;
        this.failures = failures;
    }

    void start(@Observes StartupEvent event, PipelineConfig config) {
        if (config.roles().contains(PipelineConfig.Role.INGEST)) {
            Thread.ofVirtual().name("lane-watch").start(this::loop);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.complete(null);
    }

    private void loop() {
        Loop.run(stopped, EVERY, this::look);
    }

    private void look() {
        letters.summarize();
        try {
            locks.of(LONG).forEach(blocked -> lanes.blocked(blocked.thread(), blocked.message()));
            unfit.look();
            failures.over(SCOPE);
        } catch (RuntimeException e) {
            // Our tables may not exist yet.
            if (Unavailable.is(e) || SqlState.UNDEFINED_TABLE.isOf(e)) {
                LOG.debugf("locks not looked at error=%s", e.getMessage());
            } else {
                failures.report(SCOPE, Failure.Cause.DEFECT, failures.defect(SCOPE, e));
            }
        }
    }
}
