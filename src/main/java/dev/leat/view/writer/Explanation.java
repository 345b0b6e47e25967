package dev.leat.view.writer;

import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a view is kept, for people.
 *
 * @param kept in a sentence or two
 * @param key names of the columns that identify a row
 * @param columns by name, where each column's value comes from or how it is merged
 * @param statements what runs for each batch, with parameters in place of its rows
 * @param state what is kept for it besides what readers see, and when that is cleaned up
 */
public record Explanation(
        String kept, List<String> key, Map<String, String> columns, List<String> statements, List<String> state) {

    /** Of a view whose columns are those of a stream. */
    public static Explanation ofStream(
            String kept, List<String> key, Shape stream, List<String> statements, List<String> state) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (Column column : stream.columns()) {
            columns.put(column.name(), "the event's");
        }
        return new Explanation(kept, key, columns, statements, state);
    }
}
