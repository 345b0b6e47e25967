package dev.leat.view.sql;

import java.time.Duration;

/**
 * How far two events that are joined may be apart: the second one's time less the first one's.
 *
 * @param from null: there is no lower bound
 * @param to null: there is no upper bound
 */
record TimeBound(Duration from, Duration to) {

    static final TimeBound NONE = new TimeBound(null, null);

    boolean isComplete() {
        return from != null && to != null;
    }

    boolean isEmpty() {
        return isComplete() && from.compareTo(to) > 0;
    }

    /** Where both hold. */
    TimeBound and(TimeBound other) {
        Duration latest = from == null || other.from != null && other.from.compareTo(from) > 0 ? other.from : from;
        Duration earliest = to == null || other.to != null && other.to.compareTo(to) < 0 ? other.to : to;
        return new TimeBound(latest, earliest);
    }
}
