package dev.leat.schema.types;

import dev.leat.pipeline.time.TimeExpression;
import dev.leat.pipeline.time.TimeExpression.FirstOf;
import dev.leat.pipeline.time.TimeExpression.KafkaTimestamp;
import dev.leat.pipeline.time.TimeExpression.Shifted;
import dev.leat.pipeline.time.TimeExpression.Unit;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
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

    /** In a microsecond. */
    private static final long NANOS = 1000;

    private static final long MICROS_PER_SECOND = 1_000_000;

    /** Whether the expression is null there. */
    abstract boolean isNull(int row, long kafkaMillis);

    /** {@link #TOO_FAR} for one that can't be counted. */
    abstract long micros(int row, long kafkaMillis);

    /** Whether the times are known to the nanosecond, and are none that can't be counted in nanoseconds. */
    abstract boolean areNanos();

    /** In nanoseconds where {@link #areNanos}, in microseconds otherwise. */
    long exact(int row, long kafkaMillis) {
        return micros(row, kafkaMillis);
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
            return new Zoned(
                    column,
                    EventTimeType.perValue(field, column.type()),
                    field.zone().get());
        }
        return new OfField(column, EventTimeType.perValue(field, column.type()));
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
        boolean areNanos() {
            return perValue < 0;
        }

        @Override
        long exact(int row, long kafkaMillis) {
            return areNanos() ? scaled(column.longAt(row), NANOS / -perValue) : micros(row, kafkaMillis);
        }
    }

    /** A column of times on a clock of some zone. */
    private static final class Zoned extends EventTimes {
        private final Vector column;
        private final long perValue;
        private final ZoneRules rules;

        Zoned(Vector column, long perValue, ZoneId zone) {
            this.column = column;
            this.perValue = perValue;
            this.rules = zone.getRules();
        }

        @Override
        boolean isNull(int row, long kafkaMillis) {
            return column.isNull(row);
        }

        @Override
        long micros(int row, long kafkaMillis) {
            long exact = exact(row, kafkaMillis);
            return exact == TOO_FAR || !areNanos() ? exact : Math.floorDiv(exact, NANOS);
        }

        @Override
        boolean areNanos() {
            return perValue < 0;
        }

        @Override
        long exact(int row, long kafkaMillis) {
            long value = column.longAt(row);
            long local = scaled(value, perValue);
            if (local <= ColumnType.BEFORE_TIMESTAMPS) {
                return TOO_FAR;
            }
            LocalDateTime time =
                    LocalDateTime.ofEpochSecond(Math.floorDiv(local, MICROS_PER_SECOND), 0, ZoneOffset.UTC);
            long ahead = offset(time).getTotalSeconds() * MICROS_PER_SECOND;
            return areNanos() ? sum(value, -ahead * NANOS) : sum(local, -ahead);
        }

        /** As Postgres does it: a time that is told twice is the second, and one that is left out counts on. */
        private ZoneOffset offset(LocalDateTime time) {
            ZoneOffsetTransition change = rules.getTransition(time);
            return change != null && change.isOverlap() ? change.getOffsetAfter() : rules.getOffset(time);
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

        @Override
        boolean areNanos() {
            return false;
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
            long exact = exact(row, kafkaMillis);
            return exact == TOO_FAR || !areNanos() ? exact : Math.floorDiv(exact, NANOS);
        }

        @Override
        boolean areNanos() {
            return times.areNanos();
        }

        @Override
        long exact(int row, long kafkaMillis) {
            return sum(times.exact(row, kafkaMillis), areNanos() ? scaled(by, NANOS) : by);
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

        @Override
        boolean areNanos() {
            return false;
        }
    }

    /** {@link #TOO_FAR} when one of them is, or it can't be counted. */
    private static long sum(long time, long by) {
        long sum = time + by;
        return time == TOO_FAR || by == TOO_FAR || ((time ^ sum) & (by ^ sum)) < 0 ? TOO_FAR : sum;
    }

    private static long scaled(long value, long perValue) {
        if (perValue < 0) {
            return Math.floorDiv(value, -perValue);
        }
        return Math.multiplyHigh(value, perValue) == value * perValue >> 63 ? value * perValue : TOO_FAR;
    }
}
