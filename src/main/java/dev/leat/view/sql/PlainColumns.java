package dev.leat.view.sql;

import dev.leat.schema.types.Column;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The columns that a SELECT passes on as they are. */
final class PlainColumns {

    private PlainColumns() {}

    /** What a stream's columns are called in the result, by their names in the stream. */
    static Map<String, String> of(ValidatedSelect validated, FromTable stream) {
        Map<String, String> plain = new LinkedHashMap<>();
        for (Column column : stream.relation().columns()) {
            Optional<String> input = Optional.of(stream.alias() + "." + column.name());
            validated.resolution().columns().stream()
                    .filter(result -> result.input().equals(input))
                    .findFirst()
                    .ifPresent(result -> plain.put(column.name(), result.name()));
        }
        return plain;
    }
}
