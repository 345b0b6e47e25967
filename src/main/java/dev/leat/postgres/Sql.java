package dev.leat.postgres;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Pieces that statements are put together from. */
public final class Sql {

    private Sql() {}

    /** An identifier, quoted for SQL, whatever is in it. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A text as an SQL literal, whatever is in it. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The condition that two tables, by their aliases, have the same values in these columns. */
    public static String equal(String one, String other, List<String> columns) {
        return columns.stream()
                .map(Sql::quote)
                .map(c -> one + "." + c + " = " + other + "." + c)
                .collect(Collectors.joining(" AND "));
    }

    public static <T> String list(List<T> items, Function<T, String> each) {
        return items.stream().map(each).collect(Collectors.joining(", "));
    }
}
