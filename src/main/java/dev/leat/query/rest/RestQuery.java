package dev.leat.query.rest;

import dev.leat.catalog.ViewTable;
import dev.leat.http.Limits;
import dev.leat.http.Problem;
import dev.leat.query.Filter;
import dev.leat.query.Operator;
import dev.leat.query.Order;
import dev.leat.query.ViewQuery;
import dev.leat.schema.types.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A query string as a question: {@code vendor_id=2&total_amount.gte=40&order=pickup_at.desc,ride_id&limit=10}. Nothing
 * in it is ignored; what isn't understood is a {@link Problem}.
 */
final class RestQuery {

    /** Parameters of ours; a column of such a name is reached with its operator, as {@code order.eq}. */
    private static final String ORDER = "order";

    private static final String LIMIT = "limit";

    private RestQuery() {}

    static ViewQuery parse(ViewTable view, Map<String, List<String>> parameters, Limits limits) {
        List<Filter> filters = new ArrayList<>();
        List<Order> order = List.of();
        int limit = limits.defaultLimit();
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            switch (parameter.getKey()) {
                case ORDER -> order = order(view, parameter.getValue());
                case LIMIT -> limit = limits.checked(only(LIMIT, parameter.getValue()));
                default ->
                    parameter.getValue().stream()
                            .map(value -> filter(view, parameter.getKey(), value))
                            .forEach(filters::add);
            }
        }
        return new ViewQuery(view, view.columns(), filters, order, limit);
    }

    /** The dot that ends a column's name, which may have dots itself; -1 for none. */
    private static int dot(ViewTable view, String text) {
        if (view.column(text).isPresent()) {
            return -1;
        }
        int last = text.lastIndexOf('.');
        return last > 0 && view.column(text.substring(0, last)).isPresent() ? last : text.indexOf('.');
    }

    private static Filter filter(ViewTable view, String name, String value) {
        int dot = dot(view, name);
        Column column = ViewQuery.column(view, dot < 0 ? name : name.substring(0, dot));
        String word = dot < 0 ? Operator.EQ.word() : name.substring(dot + 1);
        Operator operator = ViewQuery.operator(column, word);
        return operator == Operator.IN
                ? Filter.in(column, value.isEmpty() ? List.of() : List.of(value.split(",", -1)))
                : Filter.of(column, operator, value);
    }

    private static List<Order> order(ViewTable view, List<String> values) {
        return values.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(step -> step(view, step))
                .toList();
    }

    private static Order step(ViewTable view, String step) {
        int dot = dot(view, step);
        Column column = ViewQuery.column(view, dot < 0 ? step : step.substring(0, dot));
        return switch (dot < 0 ? "asc" : step.substring(dot + 1)) {
            case "asc" -> new Order(column, Order.Direction.ASC);
            case "desc" -> new Order(column, Order.Direction.DESC);
            default ->
                throw Problem.badParameter(
                        ORDER,
                        "order '" + step + "' is neither '" + column.name() + "', '" + column.name() + ".asc' nor '"
                                + column.name() + ".desc'");
        };
    }

    private static String only(String name, List<String> values) {
        if (values.size() != 1) {
            throw Problem.badParameter(name, name + " is given " + values.size() + " times");
        }
        return values.getFirst();
    }
}
