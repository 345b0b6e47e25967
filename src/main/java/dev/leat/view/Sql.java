package dev.leat.view;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Small pieces that statements are put together from. */
public final class Sql {

    private Sql() {}

    /** An identifier as it may stand in SQL, whatever is in it. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static <T> String list(List<T> items, Function<T, String> each) {
        return items.stream().map(each).collect(Collectors.joining(", "));
    }
}
