package dev.leat.query;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.table.PgArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A question as one SELECT and its parameters.
 *
 * @param sql identifiers from the catalogue, quoted; no value of the asker's in it
 * @param parameters in order of their {@code $n}
 */
record ViewSelect(String sql, List<Object> parameters) {

    static ViewSelect of(ViewQuery query) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder(types(query))
                .append("SELECT ")
                .append(selected(query.columns()))
                .append(" FROM ")
                .append(query.view().table())
                .append(" AS v");
        String separator = " WHERE ";
        for (Filter filter : query.filters()) {
            sql.append(separator).append(condition(filter, parameters));
            separator = " AND ";
        }
        sql.append(" ORDER BY ").append(String.join(", ", order(query)));
        parameters.add((long) query.limit());
        return new ViewSelect(sql.append(" LIMIT $").append(parameters.size()).toString(), parameters);
    }

    /**
     * The columns' types as a comment. A statement that was prepared before a column was widened fails afterwards, so its
     * text must differ.
     */
    private static String types(ViewQuery query) {
        return query.view().columns().stream()
                .map(column -> column.type().postgres())
                .collect(Collectors.joining(", ", "/* ", " */ "));
    }

    /** JSON is read as Postgres writes it, so that its numbers keep their digits; durations keep their days. */
    private static String selected(List<Column> columns) {
        List<String> selected = new ArrayList<>();
        columns.forEach(c -> selected.add(PgArrays.selected(c, Sql.quote(c.name()))));
        columns.stream()
                .filter(c -> c.type().kind() == Kind.ARRAY)
                .forEach(c -> selected.add(PgArrays.lengths(Sql.quote(c.name()))));
        return String.join(", ", selected);
    }

    private static String condition(Filter filter, List<Object> parameters) {
        String name = Sql.quote(filter.column().name());
        return switch (filter.operator()) {
            case IS_NULL -> name + (filter.values().getFirst().equals(true) ? " IS NULL" : " IS NOT NULL");
            case IN ->
                filter.values().isEmpty()
                        ? "false"
                        : filter.values().stream()
                                .map(value -> placeholder(filter.column(), value, parameters))
                                .collect(Collectors.joining(", ", name + " IN (", ")"));
            case EQ, NE, LT, LTE, GT, GTE ->
                name + " " + filter.operator().sql() + " "
                        + placeholder(filter.column(), filter.values().getFirst(), parameters);
        };
    }

    /** A value that the client has no object for comes as Postgres writes it. */
    private static String placeholder(Column column, Object value, List<Object> parameters) {
        parameters.add(value);
        String placeholder = "$" + parameters.size();
        return value instanceof String && column.type().kind() != Kind.STRING
                ? "(" + placeholder + "::text)::" + column.type().postgres()
                : placeholder;
    }

    private static List<String> order(ViewQuery query) {
        List<String> steps = new ArrayList<>();
        List<String> named = new ArrayList<>();
        for (Order order : query.order()) {
            // A column's second mention can't change the order.
            if (!named.contains(order.column().name())) {
                named.add(order.column().name());
                steps.add(step(order));
            }
        }
        query.view().key().stream().filter(key -> !named.contains(key)).forEach(key -> steps.add(ofTable(key)));
        return steps;
    }

    /** A bare name in ORDER BY would be that of what is selected, which may be the value's text. */
    private static String ofTable(String column) {
        return "v." + Sql.quote(column);
    }

    private static String step(Order order) {
        String direction = order.direction() == Order.Direction.DESC ? " DESC" : "";
        return ofTable(order.column().name())
                + direction
                + (order.column().required() || direction.isEmpty() ? "" : " NULLS LAST");
    }
}
