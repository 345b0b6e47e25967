package dev.leat.demo;

import java.util.concurrent.TimeUnit;

/**
 * Spreads a run's rides over time. Counts from the run's beginning, so that a slow moment is made up for and the rate
 * holds on average. For one thread.
 *
 * @param rate rides per second; 0 for as fast as it goes
 * @param beganAt reading of {@link System#nanoTime}
 */
record Pace(double rate, long beganAt) {

    static Pace from(DemoConfig config) {
        return new Pace(config.rate(), System.nanoTime());
    }

    /** @return how long the run's ride with that index (from 0) has to wait, in nanoseconds; 0 or less: it is due */
    long nanosUntilDue(long index, long now) {
        return rate <= 0 ? 0 : (long) (index / rate * TimeUnit.SECONDS.toNanos(1)) - (now - beganAt);
    }

    /** Blocks until the ride is due. */
    void awaitTurnOf(long index) throws InterruptedException {
        long nanos = nanosUntilDue(index, System.nanoTime());
        if (nanos > 0) {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    }
}
