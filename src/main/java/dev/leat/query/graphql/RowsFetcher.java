package dev.leat.query.graphql;

import dev.leat.catalog.ViewTable;
import dev.leat.http.Limits;
import dev.leat.http.Problem;
import dev.leat.query.Answer;
import dev.leat.query.Filter;
import dev.leat.query.Freshness;
import dev.leat.query.Operator;
import dev.leat.query.Order;
import dev.leat.query.ViewQuery;
import dev.leat.schema.types.Column;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.SelectedField;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** From a field of a GraphQL query to a {@link ViewQuery} and back to its rows. Never blocks. */
final class RowsFetcher {

    static final String WHERE = "where";
    static final String ORDER_BY = "order_by";
    static final String LIMIT = "limit";

    private final Function<ViewQuery, Uni<Answer>> reader;
    private final Limits limits;

    RowsFetcher(Function<ViewQuery, Uni<Answer>> reader, Limits limits) {
        this.reader = reader;
        this.limits = limits;
    }

    /** Freshness by view, collected while a query runs; fields are read side by side. */
    static final class FreshnessByView extends ConcurrentHashMap<String, Freshness> {
        private static final long serialVersionUID = 1L;
    }

    DataFetcher<CompletionStage<List<Map<String, Object>>>> rows(ViewTable view, ColumnNames names) {
        return field ->
                read(field, rowsQuery(view, names, field)).map(Answer::rows).subscribeAsCompletionStage();
    }

    DataFetcher<CompletionStage<Map<String, Object>>> byKey(ViewTable view, ColumnNames names) {
        return field -> {
            List<String> key = view.key().stream()
                    .map(column -> field.getArgument(names.of(column)).toString())
                    .toList();
            return read(field, ViewQuery.byKey(view, selected(view, names, field), key))
                    .map(answer ->
                            answer.rows().isEmpty() ? null : answer.rows().getFirst())
                    .subscribeAsCompletionStage();
        };
    }

    private Uni<Answer> read(DataFetchingEnvironment field, ViewQuery query) {
        FreshnessByView fresh = field.getGraphQlContext().get(FreshnessByView.class);
        return reader.apply(query).invoke(answer -> fresh.put(query.view().name(), answer.fresh()));
    }

    private ViewQuery rowsQuery(ViewTable view, ColumnNames names, DataFetchingEnvironment field) {
        Integer limit = field.getArgument(LIMIT);
        return new ViewQuery(
                view,
                selected(view, names, field),
                filters(names, field.getArgumentOrDefault(WHERE, Map.of())),
                order(names, field.getArgumentOrDefault(ORDER_BY, List.of())),
                limit == null ? limits.defaultLimit() : limits.checked(limit));
    }

    /** The columns that the query selects; the key's if it selects none, as with {@code __typename} alone. */
    private static List<Column> selected(ViewTable view, ColumnNames names, DataFetchingEnvironment field) {
        List<String> selected = field.getSelectionSet().getImmediateFields().stream()
                .map(SelectedField::getName)
                .toList();
        List<Column> columns = view.columns().stream()
                .filter(column -> selected.contains(names.of(column.name())))
                .toList();
        return columns.isEmpty()
                ? view.key().stream().map(key -> ViewQuery.column(view, key)).toList()
                : columns;
    }

    private static List<Filter> filters(ColumnNames names, Map<String, Map<String, Object>> where) {
        List<Filter> filters = new ArrayList<>();
        if (where != null) {
            where.forEach((name, comparison) -> {
                Column column = names.column(name);
                present(column, comparison)
                        .forEach((word, operand) -> filters.add(filter(column, word, present(column, operand))));
            });
        }
        return filters;
    }

    /** A null in a filter is refused. If it meant "no filter", the answer would have every row. */
    private static <T> T present(Column column, T operand) {
        if (operand == null) {
            throw Problem.badParameter(
                    WHERE, "column '" + column.name() + "' is compared with null; use {is_null: true} instead");
        }
        return operand;
    }

    private static Filter filter(Column column, String word, Object operand) {
        Operator operator = ViewQuery.operator(column, word);
        return operator == Operator.IN
                ? Filter.in(
                        column,
                        ((List<?>) operand).stream().map(Object::toString).toList())
                : Filter.of(column, operator, operand.toString());
    }

    private static List<Order> order(ColumnNames names, List<Map<String, Order.Direction>> steps) {
        return steps == null
                ? List.of()
                : steps.stream().map(step -> order(names, step)).toList();
    }

    private static Order order(ColumnNames names, Map<String, Order.Direction> step) {
        if (step.size() != 1 || step.containsValue(null)) {
            throw Problem.badParameter(
                    ORDER_BY, "each entry of order_by names one column and asc or desc; use [{a: asc}, {b: desc}]");
        }
        Map.Entry<String, Order.Direction> only = step.entrySet().iterator().next();
        return new Order(names.column(only.getKey()), only.getValue());
    }
}
