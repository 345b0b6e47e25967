package dev.leat.schema.types.codec.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times as their number of units since 1970-01-01T00:00. */
final class EpochTimes {

    static final long MICROS = 1_000_000;
    static final long NANOS = 1_000_000_000;

    private EpochTimes() {}

    /** @param perSecond units of a second */
    static LocalDateTime dateTime(long units, long perSecond) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(units, perSecond),
                (int) (Math.floorMod(units, perSecond) * (NANOS / perSecond)),
                ZoneOffset.UTC);
    }

    /** The number of units; an {@link ArithmeticException} for a time that is too far from 1970. */
    static long units(Instant time, long perSecond) {
        long fraction = time.getNano() / (NANOS / perSecond);
        // The whole seconds of the first time of all are out of range alone.
        return time.getEpochSecond() < 0
                ? Math.addExact(Math.multiplyExact(time.getEpochSecond() + 1, perSecond), fraction - perSecond)
                : Math.addExact(Math.multiplyExact(time.getEpochSecond(), perSecond), fraction);
    }
}
