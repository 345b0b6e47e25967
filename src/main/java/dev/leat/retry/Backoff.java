package dev.leat.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Pauses that double up to a limit. Each is between half of its length and all of it, so that instances don't retry in
 * step. Not thread-safe.
 */
public final class Backoff {

    private static final int MAX_DOUBLINGS = 20;

    private final Duration min;
    private final Duration max;
    private final RandomGenerator random;
    private int tries;

    public Backoff(Duration min, Duration max) {
        this(min, max, () -> ThreadLocalRandom.current().nextLong());
    }

    public Backoff(Duration min, Duration max, RandomGenerator random) {
        this.min = min;
        this.max = max;
        this.random = random;
    }

    public Duration next() {
        long millis = Math.min(max.toMillis(), min.toMillis() << Math.min(tries++, MAX_DOUBLINGS));
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    /** The next pause is the shortest again. */
    public void reset() {
        tries = 0;
    }

    public int tries() {
        return tries;
    }
}
