package dev.leat.view.writer.latest;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.time.EventTime;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.EventTimeType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.ExactTimes;
import java.util.List;
import java.util.Optional;

/** The column by whose values the events of a key are ordered: one of the stream's or, where none has them, one of the view's. */
record TimeColumn(Stream stream) {

    /** Empty where the stream declares no event time. */
    Optional<Column> of(Shape shape) {
        return own(shape.columns()).or(() -> stream.eventTime().column().map(shape::column));
    }

    /**
     * The column that the view adds; empty where it is the stream's.
     *
     * @param ofStream the stream's columns
     */
    Optional<Column> own(List<Column> ofStream) {
        return stream.eventTime().hasOwnColumn()
                ? Optional.of(new Column(
                        EventTime.OWN_COLUMN, EventTimeType.of(stream, ofStream), false, "when the event happened"))
                : Optional.empty();
    }

    /** Its values in these rows; null in those of deletes. */
    Object values(Rows rows, int[] selected) {
        return own(rows.shape().columns())
                .<Object>map(own -> ExactTimes.of(rows, selected, own.type()))
                .orElseGet(() ->
                        PgArrays.values(rows.vector(stream.eventTime().column().orElseThrow()), selected));
    }
}
