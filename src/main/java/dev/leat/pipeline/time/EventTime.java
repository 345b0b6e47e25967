package dev.leat.pipeline.time;

import dev.leat.pipeline.time.TimeExpression.Field;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * When a stream's events happened.
 *
 * @param expression says so; empty: only position orders events
 * @param lateness how long after the newest event time an event may arrive and still be in time
 */
public record EventTime(Optional<TimeExpression> expression, Duration lateness) {

    /** Name of the column that views have for event times that no field of the stream says alone. */
    public static final String OWN_COLUMN = "_time";

    public static EventTime undeclared() {
        return new EventTime(Optional.empty(), Duration.ZERO);
    }

    public boolean isDeclared() {
        return expression.isPresent();
    }

    /** The expression as SQL; a plain field's name is itself. Two that mean the same are written the same. */
    public Optional<String> text() {
        return expression.map(TimeExpression::text);
    }

    /** The field whose value is the event time as it is: an instant or, taken as UTC, a date or a time without a zone. */
    public Optional<String> field() {
        return expression
                .filter(e -> e instanceof Field field && field.isPlain())
                .map(e -> ((Field) e).name());
    }

    /** The column by whose values a view orders the events of a key. */
    public Optional<String> column() {
        return expression.map(e -> e.ordering().orElse(OWN_COLUMN));
    }

    /** Whether that column is none of the stream's. */
    public boolean hasOwnColumn() {
        return expression.isPresent() && expression.get().ordering().isEmpty();
    }

    /** Names of the fields that it is read from. */
    public Set<String> fields() {
        return expression.map(TimeExpression::fields).orElse(Set.of());
    }
}
