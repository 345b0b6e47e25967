package dev.leat.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses that double up to a limit, each between half of its length and all of it, so that instances don't march. */
public final class Backoff {

    private final Duration min;
    private final Duration max;
    private final RandomGenerator random;
    private int tries;

    public Backoff(Duration min, Duration max, RandomGenerator random) {
        this.min = min;
        this.max = max;
        this.random = random;
    }

    public Duration next() {
        long millis = Math.min(max.toMillis(), min.toMillis() << Math.min(tries++, 20));
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    public void reset() {
        tries = 0;
    }

    public int tries() {
        return tries;
    }
}
