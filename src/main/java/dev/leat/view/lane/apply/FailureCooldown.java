package dev.leat.view.lane.apply;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A view's cool-down after a refusal: for some batches more refusals are likely. Shared by lanes; a race costs a batch that
 * is bisected in vain, or one that isn't.
 */
final class FailureCooldown {

    private static final int BATCHES = 64;

    private final AtomicInteger left = new AtomicInteger();

    // Rows that were refused for another reason than their values, since one was taken.
    private final AtomicInteger unexplained = new AtomicInteger();

    void begin() {
        left.set(BATCHES);
    }

    boolean isOn() {
        return left.get() > 0;
    }

    /** Whether it is on. Counts a batch. */
    boolean countBatch() {
        return left.get() > 0 && left.decrementAndGet() >= 0;
    }

    /** The view has taken rows: its statement is right. */
    void tookRows() {
        unexplained.set(0);
    }

    /** @return how many rows in a row were refused for another reason than their values */
    int countUnexplained() {
        return unexplained.incrementAndGet();
    }
}
