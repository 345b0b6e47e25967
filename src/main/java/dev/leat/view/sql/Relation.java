package dev.leat.view.sql;

import dev.leat.pipeline.Names;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a SELECT may read.
 *
 * @param name by which a SELECT reads it
 * @param isStream whether it is a stream, and not a view
 * @param columns what a SELECT may speak of, Leat's own columns included
 */
record Relation(String name, boolean isStream, List<Column> columns) {

    static Relation ofStream(String name, Shape shape) {
        List<Column> columns = new ArrayList<>(shape.columns());
        columns.addAll(EventColumns.ALL);
        return new Relation(name, true, columns);
    }

    /** What {@code *} expands to. */
    List<Column> starred() {
        return columns.stream()
                .filter(c -> isStream ? !Names.isOfEvents(c.name()) : !Names.isOfResults(c.name()))
                .toList();
    }
}
