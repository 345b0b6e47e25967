package dev.leat.pipeline.time;

import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An expression that says when an event happened. */
public sealed interface TimeExpression {

    /** As it is written in SQL. */
    String text();

    /** Names of the fields that it reads. */
    Set<String> fields();

    /** The field whose values have the same order as the expression's; empty: there is none. */
    Optional<String> ordering();

    static TimeExpression field(String name) {
        return new Field(name, Optional.empty(), Optional.empty());
    }

    /** In what a number counts the time since 1970-01-01T00:00Z. */
    enum Unit {
        S(1_000_000),
        MS(1_000),
        US(1),
        NS(-1_000);

        private final long micros;

        Unit(long micros) {
            this.micros = micros;
        }

        /** As it is declared. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** How many microseconds it has; negative: how many of it a microsecond has. */
        public long micros() {
            return micros;
        }

        private long perSecond() {
            return micros > 0 ? 1_000_000 / micros : 1_000_000 * -micros;
        }
    }

    /**
     * A field.
     *
     * @param unit of a whole number; empty: the field is a time by its type
     * @param zone of a date, or of a time without a zone; empty: UTC
     */
    record Field(String name, Optional<Unit> unit, Optional<ZoneId> zone) implements TimeExpression {

        boolean isPlain() {
            return unit.isEmpty() && zone.isEmpty();
        }

        @Override
        public String text() {
            return unit.map(u -> "to_timestamp(" + name + (u == Unit.S ? ")" : " / " + u.perSecond() + ")"))
                    .or(() -> zone.map(z -> name + " AT TIME ZONE '" + z + "'"))
                    .orElse(name);
        }

        @Override
        public Set<String> fields() {
            return Set.of(name);
        }

        /** None in a zone whose clock is put forward: a time that it leaves out counts on, past later ones that it tells. */
        @Override
        public Optional<String> ordering() {
            return Optional.of(name).filter(n -> isOnSteadyClock());
        }

        private boolean isOnSteadyClock() {
            return zone.map(z -> z.getRules().isFixedOffset()).orElse(true);
        }
    }

    /** Kafka's timestamp of the record. */
    record KafkaTimestamp() implements TimeExpression {

        /** As it is declared, and as it is called in SQL. */
        public static final String NAME = "_timestamp";

        @Override
        public String text() {
            return NAME;
        }

        @Override
        public Set<String> fields() {
            return Set.of();
        }

        @Override
        public Optional<String> ordering() {
            return Optional.empty();
        }
    }

    /** The first that isn't null. */
    record FirstOf(List<TimeExpression> times) implements TimeExpression {

        @Override
        public String text() {
            return times.stream().map(TimeExpression::text).collect(Collectors.joining(", ", "coalesce(", ")"));
        }

        @Override
        public Set<String> fields() {
            Set<String> fields = new LinkedHashSet<>();
            times.forEach(time -> fields.addAll(time.fields()));
            return fields;
        }

        @Override
        public Optional<String> ordering() {
            return Optional.empty();
        }
    }

    /** So much later; negative: earlier. */
    record Shifted(TimeExpression time, Duration by) implements TimeExpression {

        @Override
        public String text() {
            return time.text() + (by.isNegative() ? " - " : " + ") + "interval '"
                    + by.abs().toNanos() / 1000 + " microseconds'";
        }

        @Override
        public Set<String> fields() {
            return time.fields();
        }

        @Override
        public Optional<String> ordering() {
            return time.ordering();
        }
    }
}
