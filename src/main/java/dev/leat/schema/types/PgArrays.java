package dev.leat.schema.types;

import dev.leat.schema.types.ColumnType.Kind;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.IntFunction;

/**
 * The Postgres side of the type table: how a vector becomes an array parameter of {@code unnest}, and what its elements
 * are cast to. One parameter a column, whatever the number of rows.
 *
 * <p>Times that Postgres can't hold are refused here, with a {@link DateTimeException}: the client would encode some of
 * them as other times.
 */
public final class PgArrays {

    private static final long MICROS = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS;

    // Source: PostgreSQL, datatype/timestamp.h: the first Julian day to the end of 5874897, or of 294276 for
    // timestamps.
    private static final long FIRST_DAY = LocalDate.of(-4713, 11, 24).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(5_874_897, 12, 31).toEpochDay();

    private PgArrays() {}

    /** The parameter's type, as {@code double precision[]}. */
    public static String parameterType(ColumnType type) {
        return isText(type.kind()) ? "text[]" : type.postgres() + "[]";
    }

    /** The values of an array parameter as they go into a table, a row each. */
    public static String unnested(String parameter, ColumnType type) {
        String values = "unnest(" + parameter + "::" + parameterType(type) + ")";
        return isText(type.kind()) ? values + "::" + type.postgres() : values;
    }

    /** Kinds that go as text, for Postgres to read. */
    private static boolean isText(Kind kind) {
        return switch (kind) {
            case DECIMAL, DURATION, ARRAY, MAP, UNION, JSON -> true;
            default -> false;
        };
    }

    /** Whether Postgres puts values of a type into a column of a type that holds them without being told how. */
    public static boolean isStorable(ColumnType type, ColumnType column) {
        return type.postgres().equals(column.postgres())
                || isNumber(type.kind()) && isNumber(column.kind())
                || type.kind() == Kind.ARRAY
                        && column.kind() == Kind.ARRAY
                        && isStorable(type.element(), column.element());
    }

    private static boolean isNumber(Kind kind) {
        return switch (kind) {
            case INT, LONG, FLOAT, DOUBLE, DECIMAL -> true;
            default -> false;
        };
    }

    /** The values of these rows, in this order; nulls stay null. */
    public static Object[] values(Vector vector, int[] rows) {
        ColumnType type = vector.type();
        return switch (type.kind()) {
            case BOOLEAN -> fill(new Boolean[rows.length], vector, rows, r -> vector.longAt(r) != 0);
            case INT -> fill(new Integer[rows.length], vector, rows, r -> (int) vector.longAt(r));
            case LONG, TIMESTAMP_NANOS, LOCAL_TIMESTAMP_NANOS ->
                fill(new Long[rows.length], vector, rows, vector::longAt);
            case FLOAT -> fill(new Float[rows.length], vector, rows, r -> (float) vector.doubleAt(r));
            case DOUBLE -> fill(new Double[rows.length], vector, rows, vector::doubleAt);
            case STRING, DURATION, JSON ->
                fill(new String[rows.length], vector, rows, r -> (String) vector.objectAt(r));
            case BYTES -> fill(new Buffer[rows.length], vector, rows, r -> Buffer.buffer((byte[]) vector.objectAt(r)));
            case DATE -> fill(new LocalDate[rows.length], vector, rows, r -> date(vector.longAt(r)));
            case TIME -> fill(new LocalTime[rows.length], vector, rows, r -> time(vector.longAt(r)));
            case TIMESTAMP -> fill(new OffsetDateTime[rows.length], vector, rows, r -> timestamp(vector.longAt(r)));
            case LOCAL_TIMESTAMP ->
                fill(new LocalDateTime[rows.length], vector, rows, r -> timestamp(vector.longAt(r))
                        .toLocalDateTime());
            case DECIMAL -> fill(new String[rows.length], vector, rows, r -> decimal(vector.objectAt(r), type));
            case UUID -> fill(new UUID[rows.length], vector, rows, r -> (UUID) vector.objectAt(r));
            case ARRAY -> fill(new String[rows.length], vector, rows, r -> PgArrayText.of(vector.objectAt(r), type));
            case MAP, UNION -> fill(new String[rows.length], vector, rows, r -> JsonValue.of(vector.objectAt(r), type));
        };
    }

    public static LocalDate date(long day) {
        if (day < FIRST_DAY || day > LAST_DAY) {
            throw new DateTimeException("day " + day + " since 1970-01-01");
        }
        return LocalDate.ofEpochDay(day);
    }

    public static LocalTime time(long micros) {
        if (micros < 0 || micros >= MICROS_PER_DAY) {
            throw new DateTimeException(micros + " microseconds since midnight");
        }
        return LocalTime.ofNanoOfDay(micros * 1000);
    }

    /** @param micros since the epoch */
    public static OffsetDateTime timestamp(long micros) {
        // The first of all is what the client reads as minus infinity.
        if (micros <= FIRST_DAY * MICROS_PER_DAY) {
            throw new DateTimeException(micros + " microseconds since 1970-01-01");
        }
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000)
                .atOffset(ZoneOffset.UTC);
    }

    /** Digits without an exponent, unless the value says itself how many there are: it may say a billion. */
    public static String decimal(Object value, ColumnType type) {
        return type.hasDigits() ? ((BigDecimal) value).toPlainString() : value.toString();
    }

    private static <T> T[] fill(T[] values, Vector vector, int[] rows, IntFunction<T> value) {
        for (int i = 0; i < rows.length; i++) {
            values[i] = vector.isNull(rows[i]) ? null : value.apply(rows[i]);
        }
        return values;
    }
}
