package dev.leat.schema.types;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.time.TimeExpression;
import dev.leat.pipeline.time.TimeExpression.FirstOf;
import dev.leat.pipeline.time.TimeExpression.KafkaTimestamp;
import dev.leat.pipeline.time.TimeExpression.Shifted;
import dev.leat.pipeline.time.TimeExpression.Unit;
import dev.leat.schema.types.ColumnType.Kind;
import java.util.List;

/** How exactly it is known when a stream's events happened: to the microsecond or to the nanosecond. */
public final class EventTimeType {

    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private EventTimeType() {}

    /**
     * The type of {@link Rows#exactTime}: an instant.
     *
     * @param columns the stream's
     */
    public static ColumnType of(Stream stream, List<Column> columns) {
        return ColumnType.of(
                stream.eventTime()
                                .expression()
                                .map(time -> areNanos(time, columns))
                                .orElse(false)
                        ? Kind.TIMESTAMP_NANOS
                        : Kind.TIMESTAMP);
    }

    private static boolean areNanos(TimeExpression expression, List<Column> columns) {
        return switch (expression) {
            case TimeExpression.Field field ->
                columns.stream().anyMatch(c -> c.name().equals(field.name()) && perValue(field, c.type()) < 0);
            case Shifted shifted -> areNanos(shifted.time(), columns);
            // One of them may be a time that is too far away for nanoseconds.
            case FirstOf ignored -> false;
            case KafkaTimestamp ignored -> false;
        };
    }

    /** How many microseconds a value stands for; negative: how many values a microsecond has. */
    static long perValue(TimeExpression.Field field, ColumnType type) {
        return field.unit().map(Unit::micros).orElseGet(() -> switch (type.kind()) {
            case DATE -> MICROS_PER_DAY;
            case TIMESTAMP_NANOS, LOCAL_TIMESTAMP_NANOS -> -1000L;
            default -> 1L;
        });
    }
}
