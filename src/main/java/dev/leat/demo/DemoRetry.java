package dev.leat.demo;

import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** The demo retries whatever fails, because an outage must delay rides and not lose them. */
final class DemoRetry {

    private static final Logger LOG = Logger.getLogger(DemoRetry.class);
    private static final Duration MIN = Duration.ofMillis(250);
    private static final Duration MAX = Duration.ofSeconds(10);

    private DemoRetry() {}

    /**
     * A retry that ends early only when its thread is interrupted.
     *
     * @param what is done, for the log
     */
    static Retry to(String what) {
        Outage outage = new Outage(new Backoff(MIN, MAX), new Outage.Listener() {
            @Override
            public void began(Throwable failure) {
                LOG.warnf("The demo waits: to %s failed and is retried; error=%s", what, failure);
            }

            @Override
            public void ended(Duration lasted) {
                LOG.infof("The demo goes on: to %s worked", what);
            }
        });
        return new Retry(outage, failure -> true, new CompletableFuture<>());
    }
}
