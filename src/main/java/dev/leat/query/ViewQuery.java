package dev.leat.query;

import dev.leat.catalog.ViewTable;
import dev.leat.http.Problem;
import dev.leat.schema.types.Column;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A question about one view whose every name was found in the catalogue and whose every value has its column's type.
 *
 * @param columns what is read; never empty
 * @param filters all must hold
 * @param order as asked for; the key decides between equals, and alone when nothing is asked for
 * @param limit most rows of the answer, at least 1
 */
public record ViewQuery(ViewTable view, List<Column> columns, List<Filter> filters, List<Order> order, int limit) {

    public ViewQuery {
        columns = List.copyOf(columns);
        filters = List.copyOf(filters);
        order = List.copyOf(order);
    }

    /** The question for the one row with this key, its parts as text in the key's order. */
    public static ViewQuery byKey(ViewTable view, List<Column> columns, List<String> key) {
        if (key.size() != view.key().size()) {
            throw ViewProblems.wrongKey(view, key.size());
        }
        List<Filter> filters = IntStream.range(0, key.size())
                .mapToObj(i -> Filter.of(column(view, view.key().get(i)), Operator.EQ, key.get(i)))
                .toList();
        return new ViewQuery(view, columns, filters, List.of(), 1);
    }

    /** A column of the view; a {@link Problem} that lists them if there is none of that name. */
    public static Column column(ViewTable view, String name) {
        return view.column(name).orElseThrow(() -> ViewProblems.unknownColumn(view, name));
    }

    /** The operator of that name; a {@link Problem} that lists the column's operators if it has none of that name. */
    public static Operator operator(Column column, String word) {
        return Operator.of(column.type(), word).orElseThrow(() -> ViewProblems.unknownOperator(column, word));
    }
}
