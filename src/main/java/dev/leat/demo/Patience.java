package dev.leat.demo;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;

/**
 * Repeats what fails until it works, because an outage must delay rides and not lose them. Waits twice as long each
 * time, up to a bound. Logs when an outage begins and when it ends, and nothing in between.
 *
 * <p>For one thread. Ends early only when that thread is interrupted.
 */
final class Patience {

    private static final Logger LOG = Logger.getLogger(Patience.class);

    private final Duration first;
    private final Duration longest;

    Patience(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /** @param what is being done, for the log */
    <T> T untilDone(String what, Callable<T> work) throws InterruptedException {
        Duration wait = first;
        boolean isOutage = false;
        while (true) {
            try {
                T result = work.call();
                if (isOutage) {
                    LOG.infof("The demo goes on: to %s worked", what);
                }
                return result;
            } catch (Exception e) {
                if (wasInterrupted(e)) {
                    throw new InterruptedException(what);
                }
                if (!isOutage) {
                    LOG.warnf("The demo waits: to %s failed and is tried again; error=%s", what, e);
                }
                isOutage = true;
            }
            // Ends at once when the producer is stopped: stopping interrupts this thread.
            Thread.sleep(wait);
            Duration next = wait.multipliedBy(2);
            wait = next.compareTo(longest) < 0 ? next : longest;
        }
    }

    /** Clients of Kafka and of the registry wrap the interruption. */
    private static boolean wasInterrupted(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof org.apache.kafka.common.errors.InterruptException) {
                return true;
            }
        }
        return false;
    }
}
