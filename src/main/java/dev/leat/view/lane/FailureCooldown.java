package dev.leat.view.lane;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether poison is to be expected in a view: for some batches after one that had it, since poison comes in company.
 * Shared by lanes; a race costs a batch that is cut up for nothing, or one that isn't.
 */
final class FailureCooldown {

    private static final int BATCHES = 64;

    private final AtomicInteger left = new AtomicInteger();

    /** Counts a batch. */
    boolean isDue() {
        return left.get() > 0 && left.decrementAndGet() >= 0;
    }

    /** Counts nothing. */
    boolean isRaised() {
        return left.get() > 0;
    }

    void raise() {
        left.set(BATCHES);
    }
}
