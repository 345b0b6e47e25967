package dev.leat.query.value;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times to the nanosecond, which Postgres keeps as their number since 1970-01-01T00:00. */
final class Nanos {

    private static final long PER_SECOND = 1_000_000_000;

    private Nanos() {}

    static LocalDateTime dateTime(long nanos) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(nanos, PER_SECOND), (int) Math.floorMod(nanos, PER_SECOND), ZoneOffset.UTC);
    }

    /** An {@link IllegalArgumentException} for a time that is too far from 1970. */
    static long of(LocalDateTime time) {
        try {
            long seconds = time.toEpochSecond(ZoneOffset.UTC);
            // Before 1970 the second below may be one that alone doesn't fit.
            return seconds < 0
                    ? Math.addExact(Math.multiplyExact(seconds + 1, PER_SECOND), time.getNano() - PER_SECOND)
                    : Math.addExact(Math.multiplyExact(seconds, PER_SECOND), time.getNano());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("year " + time.getYear());
        }
    }
}
