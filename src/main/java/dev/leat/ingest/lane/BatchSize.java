package dev.leat.ingest.lane;

import java.time.Duration;

/**
 * How many events a lane takes at once: as many as go through within the time that one transaction should take, up to a
 * bound. Shrinks at once, in proportion. Grows by doubling, while full batches take less than half of the time.
 *
 * <p>Never shrinks below a hundredth of the bound. A transaction has a cost of its own, and would else shrink the batches
 * to one event each. Not thread-safe, but for {@link #records()}.
 */
final class BatchSize {

    private final int most;
    private final int least;
    private final Duration within;

    // Written by the lane, read by the gauge.
    private volatile int records;

    BatchSize(int most, Duration within) {
        this.most = most;
        this.least = Math.max(1, most / 100);
        this.within = within;
        this.records = Math.max(least, most / 10);
    }

    int records() {
        return records;
    }

    void took(int taken, Duration duration) {
        if (duration.compareTo(within) > 0) {
            double share = (double) within.toNanos() / duration.toNanos();
            records = Math.clamp((long) (Math.min(taken, records) * share), least, records);
        } else if (taken >= records && duration.multipliedBy(2).compareTo(within) < 0) {
            records = (int) Math.min(most, 2L * records);
        }
    }
}
