package dev.leat.view;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Small pieces that statements are put together from. */
final class Sql {

    private Sql() {}

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static <T> String list(List<T> items, Function<T, String> each) {
        return items.stream().map(each).collect(Collectors.joining(", "));
    }
}
