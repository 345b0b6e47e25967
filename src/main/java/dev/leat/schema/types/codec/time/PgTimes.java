package dev.leat.schema.types.codec.time;

import dev.leat.schema.types.ColumnType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Locale;

/**
 * Times as the Postgres client binds them, and as Postgres reads them from text. A time that Postgres can't hold is refused
 * with a {@link DateTimeException}: the client would encode some of them as other times.
 */
public final class PgTimes {

    private static final long MICROS = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS;

    // Source: PostgreSQL, datatype/timestamp.h: the first Julian day to the end of 5874897, or of 294276 for
    // timestamps.
    private static final long FIRST_DAY = LocalDate.of(-4713, 11, 24).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(5_874_897, 12, 31).toEpochDay();

    private static final int FIRST_YEAR = -4712;
    private static final int LAST_YEAR = 294_276;
    private static final int LAST_YEAR_OF_DATES = 5_874_897;

    /** Postgres's form: a long year has no sign, and a year below 1 is written with BC at the end. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 9, SignStyle.NEVER)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);

    private PgTimes() {}

    static LocalDate date(long day) {
        if (day < FIRST_DAY || day > LAST_DAY) {
            throw new DateTimeException("day " + day + " since 1970-01-01");
        }
        return LocalDate.ofEpochDay(day);
    }

    static boolean isOfDay(long micros) {
        return micros >= 0 && micros < MICROS_PER_DAY;
    }

    static LocalTime time(long micros) {
        if (!isOfDay(micros)) {
            throw new DateTimeException(micros + " microseconds since midnight");
        }
        return LocalTime.ofNanoOfDay(micros * 1000);
    }

    /** @param micros since the epoch */
    public static OffsetDateTime timestamp(long micros) {
        if (micros <= ColumnType.BEFORE_TIMESTAMPS) {
            throw new DateTimeException(micros + " microseconds since 1970-01-01");
        }
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000)
                .atOffset(ZoneOffset.UTC);
    }

    /**
     * A time of Kafka's, or the nearest that Postgres can hold.
     *
     * @param millis since the epoch
     */
    public static OffsetDateTime nearest(long millis) {
        return nearestOfMicros(Math.clamp(millis, Long.MIN_VALUE / 1000, Long.MAX_VALUE / 1000) * 1000);
    }

    /** @param micros since the epoch */
    public static OffsetDateTime nearestOfMicros(long micros) {
        return timestamp(Math.max(micros, (FIRST_DAY + 1) * MICROS_PER_DAY));
    }

    /** The text of a date, or of a date and what follows it. */
    static String text(LocalDate date, String time) {
        return DATE.format(date) + time + (date.getYear() < 1 ? " BC" : "");
    }

    static String text(LocalDateTime time, String zone) {
        return text(time.toLocalDate(), " " + time.toLocalTime() + zone);
    }

    /** How Postgres writes the time after all others and the one before; the client has Java's greatest and least for them. */
    static final String INFINITY = "infinity";

    static final String MINUS_INFINITY = "-infinity";

    static boolean isInfinite(String text) {
        return text.equals(INFINITY) || text.equals(MINUS_INFINITY);
    }

    static boolean isBeforeAll(Temporal time) {
        return time.get(ChronoField.YEAR) < FIRST_YEAR - 1;
    }

    /** A time of a query. Java's years go further than Postgres's. */
    static <T extends Temporal> T inRange(T value) {
        int year = value.get(ChronoField.YEAR);
        if (year < FIRST_YEAR || year > (value instanceof LocalDate ? LAST_YEAR_OF_DATES : LAST_YEAR)) {
            throw new IllegalArgumentException("year " + year);
        }
        return value;
    }
}
