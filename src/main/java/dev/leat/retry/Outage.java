package dev.leat.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Whether something is unavailable, and how long to pause before it is tried again. The listener is told once when an
 * outage begins and once when it is over, however many tries lie between.
 *
 * <p>Never waits, so event loops and scheduled work use it as it is; {@link Retry} waits for threads. Thread-safe.
 */
public final class Outage {

    private final Backoff backoff;
    private final Listener listener;
    private final InstantSource clock;

    // Guarded by this; null while there is no outage.
    private Instant since;

    public Outage(Backoff backoff, Listener listener) {
        this(backoff, listener, InstantSource.system());
    }

    /** @param clock measures how long an outage lasts */
    public Outage(Backoff backoff, Listener listener, InstantSource clock) {
        this.backoff = backoff;
        this.listener = listener;
        this.clock = clock;
    }

    /** Where an outage's begin and end are logged and counted. Called by the thread that sees them; must not wait. */
    public interface Listener {

        void began(Throwable failure);

        /** @param lasted since the first failure */
        void ended(Duration lasted);
    }

    /**
     * Begins an outage, unless one is on.
     *
     * @return how long to pause before the next try
     */
    public synchronized Duration failed(Throwable failure) {
        if (since == null) {
            since = clock.instant();
            listener.began(failure);
        }
        return backoff.next();
    }

    /** Ends the outage, if there is one. The next pause is the shortest again. */
    public synchronized void succeeded() {
        backoff.reset();
        over();
    }

    /** Ends the outage, if there is one, but not its backoff: the other side answers, and no work was done yet. */
    public synchronized void over() {
        if (since != null) {
            Duration lasted = Duration.between(since, clock.instant());
            since = null;
            listener.ended(lasted);
        }
    }

    public synchronized boolean isOn() {
        return since != null;
    }

    /** The next pause, without an outage. */
    synchronized Duration pause() {
        return backoff.next();
    }
}
