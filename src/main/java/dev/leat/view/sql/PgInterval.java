package dev.leat.view.sql;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * An interval as Postgres keeps it: months and days have no fixed length.
 *
 * @param written as in the SELECT, without quotes
 */
record PgInterval(String written, int months, int days, long micros) {

    private static final long MICROS_PER_DAY = 24 * 3_600_000_000L;

    /** Whether it is so many months, or so many days, or a shorter span, and not a mixture. */
    boolean isPure() {
        boolean none = months < 0 || days < 0 || micros < 0;
        return !none && Math.min(months, 1) + Math.min(days, 1) + Math.min(micros, 1) == 1;
    }

    boolean isMonths() {
        return months > 0;
    }

    boolean isDays() {
        return days > 0;
    }

    /** Where all days have 24 hours. */
    long microsInUtc() {
        return days * MICROS_PER_DAY + micros;
    }

    Duration inUtc() {
        return Duration.of(microsInUtc(), ChronoUnit.MICROS);
    }

    boolean dividesDay() {
        return micros > 0 && MICROS_PER_DAY % micros == 0;
    }
}
