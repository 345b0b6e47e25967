package dev.leat.view.sql;

import java.time.Duration;

/**
 * A sum of event times and an interval: so many times the first stream's, so many times the second's.
 */
record TimeTerm(int left, int right, Duration interval) {

    TimeTerm plus(TimeTerm other) {
        return new TimeTerm(left + other.left, right + other.right, interval.plus(other.interval));
    }

    TimeTerm minus(TimeTerm other) {
        return new TimeTerm(left - other.left, right - other.right, interval.minus(other.interval));
    }

    /** Whether it says how far the two streams' times are apart. */
    private boolean isDistance() {
        return left == -1 && right == 1 || left == 1 && right == -1;
    }

    /** What it means for the two streams that this is nought or more. */
    TimeBound atLeastZero() {
        if (!isDistance()) {
            return TimeBound.NONE;
        }
        return right == 1 ? new TimeBound(interval.negated(), null) : new TimeBound(null, interval);
    }
}
