package dev.leat.schema;

/** How values of one writer's schema become rows of one shape. */
interface RowPlan {

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

    /** Appends one row's values. On {@link Cursor.Malformed} some vectors have one and some haven't. */
    Change read(Cursor in, Rows rows);
}
