package dev.leat.view.writer.latest;

import dev.leat.pipeline.time.EventTime;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.types.table.PgArrays;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;

/** The column by whose values the events of a key are ordered: one of the stream's or, where none has them, one of the view's. */
record TimeColumn(EventTime declared) {

    private static final Column OWN = new Column(
            EventTime.OWN_COLUMN, ColumnType.of(ColumnType.Kind.TIMESTAMP), false, "when the event happened");

    /** Empty where the stream declares no event time. */
    Optional<Column> of(Shape shape) {
        return own().or(() -> declared.column().map(shape::column));
    }

    /** The column that the view adds; empty where it is the stream's. */
    Optional<Column> own() {
        return declared.hasOwnColumn() ? Optional.of(OWN) : Optional.empty();
    }

    /** Its values in these rows; null in those of deletes. */
    Object values(Rows rows, int[] selected) {
        return declared.hasOwnColumn()
                ? Arrays.stream(selected)
                        .mapToObj(row -> rows.hasEventTime(row) ? PgTimes.timestamp(rows.eventTime(row)) : null)
                        .toArray(OffsetDateTime[]::new)
                : PgArrays.values(rows.vector(declared.column().orElseThrow()), selected);
    }
}
