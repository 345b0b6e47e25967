package dev.leat.query.value;

import dev.leat.schema.types.ColumnType;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Base64;
import java.util.UUID;

/** Turns text into the value that the Postgres client takes for a column of some type. */
public final class ColumnText {

    private static final int MAX_DECIMAL_SCALE = 1000;

    private static final int FIRST_YEAR = -4712;
    private static final int LAST_YEAR = 294_276;
    private static final int LAST_YEAR_OF_DATES = 5_874_897;

    private ColumnText() {}

    /** An {@link IllegalArgumentException} or {@link DateTimeException} if the text isn't a value of that kind. */
    public static Object parse(ColumnType.Kind kind, String text) {
        return switch (kind) {
            case BOOLEAN -> bool(text);
            case INT -> Integer.valueOf(text);
            case LONG -> Long.valueOf(text);
            case FLOAT -> Float.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case STRING -> string(text);
            case BYTES -> Buffer.buffer(Base64.getDecoder().decode(text));
            case DATE -> inRange(LocalDate.parse(text));
            case TIME -> LocalTime.parse(text);
            case TIMESTAMP -> inRange(OffsetDateTime.parse(text));
            case TIMESTAMP_NANOS ->
                Nanos.of(OffsetDateTime.parse(text)
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalDateTime());
            case LOCAL_TIMESTAMP_NANOS -> Nanos.of(LocalDateTime.parse(text));
            case DURATION -> Durations.parse(text);
            case LOCAL_TIMESTAMP -> inRange(LocalDateTime.parse(text));
            case DECIMAL -> inRange(new BigDecimal(text));
            case UUID -> uuid(text);
            case ARRAY, MAP, UNION, JSON -> throw new IllegalArgumentException("nested values aren't compared");
        };
    }

    /** What the text of a value looks like, in words. */
    public static String expected(ColumnType.Kind kind) {
        return switch (kind) {
            case BOOLEAN -> "true or false";
            case INT -> "an integer of 32 bits";
            case LONG -> "an integer of 64 bits";
            case FLOAT, DOUBLE -> "a number, as 1.5";
            case STRING -> "a text without the character U+0000";
            case BYTES -> "base64";
            case DATE -> "a date, as 2026-01-31";
            case TIME -> "a time of day, as 23:59:59.999999";
            case TIMESTAMP, TIMESTAMP_NANOS -> "an instant, as 2026-01-31T23:59:59Z (a + in a URL is %2B)";
            case LOCAL_TIMESTAMP, LOCAL_TIMESTAMP_NANOS -> "a date and time without a zone, as 2026-01-31T23:59:59";
            case DECIMAL -> "a decimal number, as 12.50";
            case UUID -> "a UUID, as 123e4567-e89b-12d3-a456-426614174000";
            case DURATION -> "a duration of months, days and seconds, as P14M3DT4.005S";
            case ARRAY, MAP, UNION, JSON -> "no comparison but 'is_null'";
        };
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** Java's years go further than Postgres's, and the client would encode some as others. */
    private static <T extends Temporal> T inRange(T value) {
        int year = value.get(ChronoField.YEAR);
        if (year < FIRST_YEAR || year > (value instanceof LocalDate ? LAST_YEAR_OF_DATES : LAST_YEAR)) {
            throw new IllegalArgumentException("year " + year);
        }
        return value;
    }

    /** A short text such as 1e999999999 would become a long number. */
    private static BigDecimal inRange(BigDecimal value) {
        if (Math.abs((long) value.scale()) > MAX_DECIMAL_SCALE) {
            throw new IllegalArgumentException("scale " + value.scale());
        }
        return value;
    }

    /** Postgres has no text with a zero character: it would refuse the whole statement. */
    private static String string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("U+0000");
        }
        return text;
    }

    /** {@link UUID#fromString} takes shortened groups; a key that was mistyped would find another row. */
    private static UUID uuid(String text) {
        if (text.length() != 36) {
            throw new IllegalArgumentException(text);
        }
        return UUID.fromString(text);
    }
}
