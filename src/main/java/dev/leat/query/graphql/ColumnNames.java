package dev.leat.query.graphql;

import dev.leat.catalog.ViewTable;
import dev.leat.query.ViewQuery;
import dev.leat.schema.types.Column;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the columns of a view are called in GraphQL. Its names are of letters, digits and underscores, and it keeps those with two
 * underscores at the beginning for itself: any other character of a column's name is an underscore here, and what is taken
 * by another column gets one more at the end. Immutable.
 *
 * <p>Source: GraphQL, October 2021, "Names" and "Reserved Names".
 */
final class ColumnNames {

    private static final Pattern NAME = Pattern.compile("(?!__)[_A-Za-z][_0-9A-Za-z]*");

    private final ViewTable view;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();

    private ColumnNames(ViewTable view) {
        this.view = view;
        Set<String> own = Set.copyOf(view.columns().stream()
                .map(Column::name)
                .filter(ColumnNames::isName)
                .toList());
        for (Column column : view.columns()) {
            String name = column.name();
            if (!isName(name)) {
                name = mapped(name);
                while (own.contains(name) || columns.containsKey(name)) {
                    name += "_";
                }
            }
            columns.put(name, column);
            names.put(column.name(), name);
        }
    }

    static ColumnNames of(ViewTable view) {
        return new ColumnNames(view);
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static String mapped(String name) {
        String mapped = name.codePoints()
                .collect(
                        StringBuilder::new,
                        (text, c) ->
                                text.appendCodePoint(c < 128 && (c == '_' || Character.isLetterOrDigit(c)) ? c : '_'),
                        StringBuilder::append)
                .toString()
                .replaceFirst("^_{2,}", "_");
        return isName(mapped) ? mapped : "_" + mapped;
    }

    /** The name of a column that the view has. */
    String of(String column) {
        return names.get(column);
    }

    /** The column of a name; a {@link dev.leat.http.Problem} that lists the columns if there is none. */
    Column column(String name) {
        Column column = columns.get(name);
        return column == null ? ViewQuery.column(view, name) : column;
    }

    /** What the contract says of a column, and what its name is where that is another one here. */
    String description(Column column) {
        return of(column.name()).equals(column.name())
                ? column.doc()
                : (column.doc().isEmpty() ? "" : column.doc() + "\n\n") + "Column `" + column.name()
                        + "`, whose name GraphQL has no room for.";
    }
}
