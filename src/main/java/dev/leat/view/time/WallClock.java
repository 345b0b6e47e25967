package dev.leat.view.time;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.function.Supplier;

/** The wall clock that all instances share: Postgres's, because their own needn't agree. */
@ApplicationScoped
class WallClock {

    private final Supplier<OffsetDateTime> set;

    WallClock() {
        this(() -> null);
    }

    private WallClock(Supplier<OffsetDateTime> set) {
        this.set = set;
    }

    /** One that is set, for tests. */
    static WallClock setBy(Supplier<OffsetDateTime> hand) {
        return new WallClock(hand);
    }

    /** The time now, in a statement that has {@link #parameter()} at this place. */
    static String sql(int place) {
        return "coalesce($" + place + "::timestamptz, clock_timestamp())";
    }

    /** Null for Postgres's own. */
    OffsetDateTime parameter() {
        return set.get();
    }
}
