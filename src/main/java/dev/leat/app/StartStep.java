package dev.leat.app;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.PipelineException;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.contract.ContractException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** A step of start-up that needs a server. Whatever fails is tried again, for nothing goes on without it. Blocks. */
final class StartStep {

    private static final Logger LOG = Logger.getLogger(StartStep.class);

    private final Scope scope;
    private final RetryConfig config;
    private final Failures failures;
    private final CompletableFuture<Void> closed;

    /** @param closed ends the waiting */
    StartStep(Scope scope, RetryConfig config, Failures failures, CompletableFuture<Void> closed) {
        this.scope = scope;
        this.config = config;
        this.failures = failures;
        this.closed = closed;
    }

    /**
     * Returns once the step is done.
     *
     * @throws ContractException and {@link PipelineException}, which no retry mends
     */
    void run(String server, Retry.Action<RuntimeException> step) throws InterruptedException {
        Backoff backoff = new Backoff(config.backoffMin(), config.backoffMax());
        new Retry(new Outage(backoff, new Told(server)), StartStep::mayPass, closed).run(() -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                if (mayPass(e) && !closed.isDone()) {
                    report(server, e);
                }
                throw e;
            }
        });
    }

    /** Only an outage is called one. Each failure is shown as it is: what began as an outage may go on as a refusal. */
    private void report(String server, RuntimeException failure) {
        if (Unavailable.is(failure)) {
            failures.over(scope, Failure.Cause.DEFECT);
            failures.report(scope, Failure.Cause.OUTAGE, waiting(server, failure));
        } else {
            failures.over(scope, Failure.Cause.OUTAGE);
            failures.report(
                    scope,
                    Failure.Cause.DEFECT,
                    server + " refuses what start-up does: " + failures.defect(scope, failure));
        }
    }

    private static String waiting(String server, Throwable failure) {
        return "waiting for " + server + ": " + Unavailable.message(failure);
    }

    private static boolean mayPass(Exception failure) {
        return !(failure instanceof ContractException || failure instanceof PipelineException);
    }

    /** In the log, once when it begins and once when it ends. */
    private final class Told implements Outage.Listener {

        private final String server;

        private Told(String server) {
            this.server = server;
        }

        @Override
        public void began(Throwable failure) {
            if (Unavailable.is(failure)) {
                LOG.info(waiting(server, failure));
                LOG.debug("start-up", failure);
            }
        }

        @Override
        public void ended(Duration lasted) {
            failures.over(scope);
            LOG.infof("%s is available now", server);
        }
    }
}
