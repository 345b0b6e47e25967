package dev.leat.ingest.rebuild;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Leaves time to the lanes: a rebuild pauses after each batch, in proportion to the time that the batch took. */
final class RebuildThrottle {

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private RebuildThrottle() {}

    static void rest(Duration worked, double share) {
        LockSupport.parkNanos(restAfter(worked, share).toNanos());
    }

    /** @param share part of the time that is worked, from 0 (almost never) to 1 (always) */
    static Duration restAfter(Duration worked, double share) {
        double part = Math.clamp(share, 0.01, 1.0);
        Duration rest = Duration.ofNanos((long) (worked.toNanos() * (1 / part - 1)));
        return rest.compareTo(LONGEST) > 0 ? LONGEST : rest;
    }
}
