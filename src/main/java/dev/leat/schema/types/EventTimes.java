package dev.leat.schema.types;

import dev.leat.pipeline.time.TimeExpression;
import dev.leat.pipeline.time.TimeExpression.FirstOf;
import dev.leat.pipeline.time.TimeExpression.KafkaTimestamp;
import dev.leat.pipeline.time.TimeExpression.Shifted;
import dev.leat.pipeline.time.TimeExpression.Unit;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;

/**
 * When the events of some rows happened, in microseconds since the epoch, as an expression over their columns says.
 *
 * <p>Kafka's timestamp is given with each call, because a row gets it last.
 */
abstract sealed class EventTimes {

    /** A time that is too far away to be counted in microseconds. */
    static final long TOO_FAR = Long.MIN_VALUE;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    /** Whether the expression is null there. */
    abstract boolean isNull(int row, long kafkaMillis);

    /** {@link #TOO_FAR} for one that can't be counted. */
    abstract long micros(int row, long kafkaMillis);

    /** Whether the event of a row happened at the time of another one or later, as exactly as is known. */
    boolean isNotOlder(int row, long kafkaMillis, int than, long thanMillis) {
        return micros(than, thanMillis) <= micros(row, kafkaMillis);
    }

    final boolean isFit(int row, long kafkaMillis) {
        return !isNull(row, kafkaMillis) && micros(row, kafkaMillis) > ColumnType.BEFORE_TIMESTAMPS;
    }

    /**
     * @param columns by their names; null for one that the rows haven't got
     * @return null when they haven't got one of the columns that the expression needs
     */
    static EventTimes of(TimeExpression expression, Function<String, Vector> columns) {
        return switch (expression) {
            case TimeExpression.Field field -> {
                Vector column = columns.apply(field.name());
                yield column == null ? null : ofField(field, column);
            }
            case KafkaTimestamp ignored -> new OfKafka();
            case Shifted shifted -> {
                EventTimes times = of(shifted.time(), columns);
                yield times == null ? null : new Later(times, shifted.by().toNanos() / 1000);
            }
            case FirstOf first -> {
                List<EventTimes> times = first.times().stream()
                        .map(time -> of(time, columns))
                        .filter(time -> time != null)
                        .toList();
                yield times.isEmpty() ? null : new First(times.toArray(EventTimes[]::new));
            }
        };
    }

    private static EventTimes ofField(TimeExpression.Field field, Vector column) {
        if (field.zone()
                .filter(zone -> !zone.normalized().equals(ZoneOffset.UTC))
                .isPresent()) {
            return new Zoned(column, perValue(field, column), field.zone().get());
        }
        return new OfField(column, perValue(field, column));
    }

    /** How many microseconds a value stands for; negative: how many values a microsecond has. */
    private static long perValue(TimeExpression.Field field, Vector column) {
        return field.unit().map(Unit::micros).orElseGet(() -> switch (column.type()
                .kind()) {
            case DATE -> MICROS_PER_DAY;
            case TIMESTAMP_NANOS, LOCAL_TIMESTAMP_NANOS -> -1000L;
            default -> 1L;
        });
    }

    /** A column of numbers that count from the epoch. */
    private static final class OfField extends EventTimes {
        private final Vector column;
        private final long perValue;

        OfField(Vector column, long perValue) {
            this.column = column;
            this.perValue = perValue;
        }

        @Override
        boolean isNull(int row, long kafkaMillis) {
            return column.isNull(row);
        }

        @Override
        long micros(int row, long kafkaMillis) {
            return scaled(column.longAt(row), perValue);
        }

        @Override
        boolean isNotOlder(int row, long kafkaMillis, int than, long thanMillis) {
            return column.isNull(row) || column.isNull(than)
                    ? super.isNotOlder(row, kafkaMillis, than, thanMillis)
                    : column.longAt(than) <= column.longAt(row);
        }
    }

    /** A column of times on a clock of some zone. */
    private static final class Zoned extends EventTimes {
        private final Vector column;
        private final long perValue;
        private final ZoneId zone;

        Zoned(Vector column, long perValue, ZoneId zone) {
            this.column = column;
            this.perValue = perValue;
            this.zone = zone;
        }

        @Override
        boolean isNull(int row, long kafkaMillis) {
            return column.isNull(row);
        }

        @Override
        long micros(int row, long kafkaMillis) {
            long local = scaled(column.longAt(row), perValue);
            if (local <= ColumnType.BEFORE_TIMESTAMPS) {
                return TOO_FAR;
            }
            long second = Math.floorDiv(local, MICROS_PER_SECOND);
            LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
            // As Postgres does it: a time that is told twice is the first, and one that is left out counts on.
            return (second - zone.getRules().getOffset(time).getTotalSeconds()) * MICROS_PER_SECOND
                    + Math.floorMod(local, MICROS_PER_SECOND);
        }
    }

    private static final class OfKafka extends EventTimes {

        /** Kafka's own word for a record that has none. */
        private static final long NONE = -1;

        @Override
        boolean isNull(int row, long kafkaMillis) {
            return kafkaMillis == NONE;
        }

        @Override
        long micros(int row, long kafkaMillis) {
            return scaled(kafkaMillis, Unit.MS.micros());
        }
    }

    private static final class Later extends EventTimes {
        private final EventTimes times;
        private final long by;

        Later(EventTimes times, long by) {
            this.times = times;
            this.by = by;
        }

        @Override
        boolean isNull(int row, long kafkaMillis) {
            return times.isNull(row, kafkaMillis);
        }

        @Override
        long micros(int row, long kafkaMillis) {
            long time = times.micros(row, kafkaMillis);
            long later = time + by;
            return time == TOO_FAR || (by > 0) != (later > time) ? TOO_FAR : later;
        }

        @Override
        boolean isNotOlder(int row, long kafkaMillis, int than, long thanMillis) {
            return times.isNotOlder(row, kafkaMillis, than, thanMillis);
        }
    }

    private static final class First extends EventTimes {
        private final EventTimes[] times;

        First(EventTimes[] times) {
            this.times = times;
        }

        @Override
        boolean isNull(int row, long kafkaMillis) {
            for (EventTimes time : times) {
                if (!time.isNull(row, kafkaMillis)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        long micros(int row, long kafkaMillis) {
            for (EventTimes time : times) {
                if (!time.isNull(row, kafkaMillis)) {
                    return time.micros(row, kafkaMillis);
                }
            }
            return TOO_FAR;
        }
    }

    private static long scaled(long value, long perValue) {
        if (perValue < 0) {
            return Math.floorDiv(value, -perValue);
        }
        return Math.multiplyHigh(value, perValue) == value * perValue >> 63 ? value * perValue : TOO_FAR;
    }
}
