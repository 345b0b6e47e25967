package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.view.sql.MergeRule.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The first elements of a group, as many as the bound says: in the aggregate's own order and, where that leaves it open,
 * by event time, then partition, then offset. Each is kept with what it is ordered by: as arrays, in that order, the first
 * with the elements themselves.
 */
final class ArrayAggregate {

    private static final int LARGEST_BOUND = 100_000;
    private static final Pattern DIRECTED = Pattern.compile(
            "(.*?)((?:\\s+(?:ASC|DESC))?(?:\\s+NULLS\\s+(?:FIRST|LAST))?)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final String filter;
    private final int bound;
    private final List<String> expressions = new ArrayList<>();
    private final List<String> directions = new ArrayList<>();

    private ArrayAggregate(Aggregate call, String element, String filter) {
        this.filter = filter;
        this.bound = requireBound(call);
        expressions.add(element);
        for (String order : call.order()) {
            Matcher directed = DIRECTED.matcher(order);
            if (!directed.matches()) {
                throw new IllegalStateException("ORDER BY " + order);
            }
            expressions.add(directed.group(1));
            directions.add(directed.group(2));
        }
        call.position().forEach(position -> {
            expressions.add(position);
            directions.add("");
        });
    }

    private static int requireBound(Aggregate call) {
        int bound = call.bound()
                .orElseThrow(() -> call.complaint("`" + call.name()
                        + "` would keep every element that ever comes; set `bound:` on the view to how many"
                        + " it may keep, or write `(array_agg(x ORDER BY y))[1:10]`"));
        if (bound < 1 || bound > LARGEST_BOUND) {
            throw call.complaint("expected a slice that ends between 1 and " + LARGEST_BOUND);
        }
        return bound;
    }

    static MergeRule rule(Aggregate call) {
        String argument = call.argument();
        return switch (call.name()) {
            case "array_agg" -> {
                if (call.type(argument).endsWith("[]")) {
                    throw call.complaint("`array_agg` of arrays can't be kept; write `jsonb_agg`");
                }
                yield new ArrayAggregate(call, argument, call.filter()).rule(elements -> elements);
            }
            case "jsonb_agg" ->
                new ArrayAggregate(call, "to_jsonb" + argument, call.filter())
                        .rule(elements -> "to_jsonb(" + elements + ")");
            default -> {
                String delimiter = call.arguments().getLast();
                if (!delimiter.startsWith("'") || !call.type().equals("text")) {
                    throw call.complaint(
                            "`string_agg` can be kept of text, with a text between that is always the same,"
                                    + " as `string_agg(x, ', ')`");
                }
                yield new ArrayAggregate(call, argument + "::text", call.filterAnd(argument + " IS NOT NULL"))
                        .rule(elements -> "array_to_string(" + elements + ", " + delimiter + ")");
            }
        };
    }

    private MergeRule rule(UnaryOperator<String> result) {
        String order = ordered(expressions.subList(1, expressions.size()));
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            int index = i;
            parts.add(new Part(
                    "(array_agg(" + expressions.get(i) + " ORDER BY " + order + ")" + filter + ")[1:" + bound + "]",
                    (existing, incoming) -> first(index, part -> existing.apply(part) + " || " + incoming.apply(part)),
                    part -> first(index, column -> "leat.concatenated(" + part.apply(column) + ")")));
        }
        return new MergeRule("keeps the first " + bound, parts, part -> result.apply(part.apply(0)));
    }

    /** One of the arrays, of the first elements of what these arrays hold together. */
    private String first(int index, IntFunction<String> array) {
        List<String> names = names();
        String order = ordered(names.subList(1, names.size()));
        Function<Integer, String> each = array::apply;
        return "(SELECT array_agg(" + names.get(index) + " ORDER BY " + order + ") FROM (SELECT * FROM unnest("
                + Sql.list(IntStream.range(0, names.size()).boxed().toList(), each) + ") AS _u("
                + String.join(", ", names) + ") ORDER BY " + order + " LIMIT " + bound + ") AS _first)";
    }

    private List<String> names() {
        return IntStream.range(0, expressions.size()).mapToObj(i -> "_e" + i).toList();
    }

    private String ordered(List<String> columns) {
        return String.join(
                ", ",
                IntStream.range(0, columns.size())
                        .mapToObj(i -> columns.get(i) + directions.get(i))
                        .toList());
    }
}
