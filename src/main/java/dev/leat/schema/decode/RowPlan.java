package dev.leat.schema.decode;

import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.avro.AvroCursor;

/** How values of one writer's schema become rows of one shape. */
public interface RowPlan {

    /** What a value turned out to be. */
    enum Change {
        /** Every vector has a value more. */
        EVENT,
        /** The same; the key's columns have values and the others are null. */
        DELETE,
        /** Nothing was appended: the record's Kafka key says what is deleted. */
        DELETE_BY_KEY
    }

    Shape shape();

    /** Appends one row's values. On {@link AvroCursor.Malformed} some vectors have one and some haven't. */
    Change read(AvroCursor in, Rows rows);
}
