package dev.leat.query;

import dev.leat.schema.types.Column;

/** A column to order by. Rows without a value come last either way. */
public record Order(Column column, Direction direction) {

    /** Which way a column is ordered. */
    public enum Direction {
        ASC,
        DESC
    }
}
