package dev.leat.view;

import dev.leat.schema.Column;
import dev.leat.schema.ColumnType;
import dev.leat.schema.Vector;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
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
 */
final class PgArrays {

    private static final long MICROS = 1_000_000;

    private PgArrays() {}

    /** The parameter's type, as {@code double precision[]}. */
    static String parameterType(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL, JSON -> "text[]";
            default -> type.postgres() + "[]";
        };
    }

    /** The unnested column as it goes into the table. */
    static String selected(Column column) {
        String name = Sql.quote(column.name());
        return switch (column.type().kind()) {
            case DECIMAL, JSON -> name + "::" + column.type().postgres();
            default -> name;
        };
    }

    /** The values of these rows, in this order; nulls stay null. */
    static Object[] values(Vector vector, int[] rows) {
        return switch (vector.type().kind()) {
            case BOOLEAN -> fill(new Boolean[rows.length], vector, rows, r -> vector.longAt(r) != 0);
            case INT -> fill(new Integer[rows.length], vector, rows, r -> (int) vector.longAt(r));
            case LONG -> fill(new Long[rows.length], vector, rows, vector::longAt);
            case FLOAT -> fill(new Float[rows.length], vector, rows, r -> (float) vector.doubleAt(r));
            case DOUBLE -> fill(new Double[rows.length], vector, rows, vector::doubleAt);
            case STRING, JSON -> fill(new String[rows.length], vector, rows, r -> (String) vector.objectAt(r));
            case BYTES -> fill(new Buffer[rows.length], vector, rows, r -> Buffer.buffer((byte[]) vector.objectAt(r)));
            case DATE -> fill(new LocalDate[rows.length], vector, rows, r -> LocalDate.ofEpochDay(vector.longAt(r)));
            case TIME ->
                fill(new LocalTime[rows.length], vector, rows, r -> LocalTime.ofNanoOfDay(vector.longAt(r) * 1000));
            case TIMESTAMP -> fill(new OffsetDateTime[rows.length], vector, rows, r -> timestamp(vector.longAt(r)));
            case LOCAL_TIMESTAMP ->
                fill(new LocalDateTime[rows.length], vector, rows, r -> timestamp(vector.longAt(r))
                        .toLocalDateTime());
            case DECIMAL ->
                fill(new String[rows.length], vector, rows, r -> ((BigDecimal) vector.objectAt(r)).toPlainString());
            case UUID -> fill(new UUID[rows.length], vector, rows, r -> (UUID) vector.objectAt(r));
        };
    }

    /** @param micros since the epoch */
    static OffsetDateTime timestamp(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000)
                .atOffset(ZoneOffset.UTC);
    }

    private static <T> T[] fill(T[] values, Vector vector, int[] rows, IntFunction<T> value) {
        for (int i = 0; i < rows.length; i++) {
            values[i] = vector.isNull(rows[i]) ? null : value.apply(rows[i]);
        }
        return values;
    }
}
