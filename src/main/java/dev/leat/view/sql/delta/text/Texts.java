package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Item;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.SubLink;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.pipeline.sql.Span;
import dev.leat.postgres.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts queries together again from pieces of their text, with relations in place of what they read. */
public final class Texts {

    private static final String WHERE = "\nWHERE ";

    private final String text;

    // What stars mean, and what is selected beside the items.
    private final Map<Item, List<String>> stars = new IdentityHashMap<>();
    private final Map<Query, List<Slot>> slots = new IdentityHashMap<>();
    private final Map<Query, String> others = new IdentityHashMap<>();

    public Texts(String text) {
        this.text = text;
    }

    /** What stands in the place of a table. */
    public interface Binding extends Function<Table, String> {

        /** Whether conditions with this query are left out. */
        default boolean isUncertain(SubLink link) {
            return false;
        }
    }

    /** Every relation under the name that the user gave it. */
    public static final Binding NAMES = table -> Sql.quote(table.name());

    public void expand(Item star, List<String> columns) {
        stars.put(star, columns);
    }

    /** A query that gives these columns, too. */
    public void add(Query query, List<Slot> more) {
        slots.put(query, more);
        if (query instanceof SetOperation operation) {
            add(operation.left(), more);
            add(operation.right(), more);
        }
    }

    /** A SELECT gives the columns that another gives. */
    public void as(Select select, Select other) {
        slots.put(other, slots.getOrDefault(select, List.of()));
    }

    /** A SELECT like another, with the same columns, that reads something else. */
    public Select like(Select select, List<FromElement> from) {
        Select other = select.from(from);
        List<Slot> more = slots.getOrDefault(select, List.of());
        more.forEach(slot -> slot.in(select).ifPresent(expression -> slot.is(other, expression)));
        slots.put(other, more);
        return other;
    }

    /** From now on this stands in a query's place. */
    public void replace(Query query, String other) {
        others.put(query, other);
    }

    public String query(Query query, Binding binding) {
        if (others.containsKey(query)) {
            return others.get(query);
        }
        return switch (query) {
            case Select select -> select(select, binding);
            case SetOperation operation ->
                operand(operation.left(), binding) + "\n" + operation.operator() + "\n"
                        + operand(operation.right(), binding) + tail(operation.tail(), List.of(), binding);
        };
    }

    private String operand(Query query, Binding binding) {
        return "(" + query(query, binding) + ")";
    }

    private String select(Select select, Binding binding) {
        String distinct = select.distinct()
                .map(d -> d.on().isEmpty() ? "DISTINCT " : "DISTINCT ON (" + pieces(d.on(), select, binding) + ") ")
                .orElse("");
        List<String> items = new ArrayList<>();
        select.items().forEach(item -> items.add(item(item, select, binding)));
        slots.getOrDefault(select, List.of()).forEach(slot -> items.add(slot.of(select) + " AS " + slot.name()));
        return "SELECT " + distinct + String.join(", ", items) + fromWhere(select, select.from(), binding)
                + (select.groups().isEmpty() ? "" : "\nGROUP BY " + pieces(select.groups(), select, binding))
                + select.having()
                        .map(h -> "\nHAVING " + piece(h, select.links(), binding))
                        .orElse("")
                + select.windows()
                        .map(w -> "\n" + piece(w, select.links(), binding))
                        .orElse("")
                + tail(select.tail(), select.links(), binding);
    }

    private String tail(Query.Tail tail, List<SubLink> links, Binding binding) {
        return tail.order().map(o -> "\n" + piece(o, links, binding)).orElse("")
                + tail.limit().map(l -> "\n" + piece(l, links, binding)).orElse("");
    }

    public String fromWhere(Select select, List<FromElement> from, Binding binding) {
        return from(select, from, binding) + where(select, binding);
    }

    public String where(Select select, Binding binding) {
        List<String> conjuncts = select.conjuncts().stream()
                .filter(conjunct -> select.links().stream()
                        .noneMatch(link -> conjunct.contains(link.place()) && binding.isUncertain(link)))
                .map(conjunct -> piece(conjunct, select.links(), binding))
                .toList();
        return conjuncts.isEmpty() ? "" : WHERE + String.join(" AND ", conjuncts);
    }

    /** A WHERE with one more condition. */
    public static String and(String where, String condition) {
        return where.isEmpty()
                ? WHERE + condition
                : WHERE + "(" + where.substring(WHERE.length()) + ") AND (" + condition + ")";
    }

    public String from(Select select, List<FromElement> from, Binding binding) {
        return from.isEmpty()
                ? ""
                : "\nFROM "
                        + from.stream().map(e -> element(e, select, binding)).collect(Collectors.joining());
    }

    private String element(FromElement element, Select select, Binding binding) {
        String alias = " AS " + Sql.quote(element.alias())
                + element.columns().map(c -> text.substring(c.begin(), c.end())).orElse("");
        return element.join().words()
                + (element.lateral() ? "LATERAL " : "")
                + source(element.source(), select, binding)
                + alias
                + element.condition()
                        .map(c -> " " + piece(c, select.links(), binding))
                        .orElse("");
    }

    public String source(Query.Source source, Select select, Binding binding) {
        return switch (source) {
            case Table table -> binding.apply(table);
            case Query.SubQuery sub -> "(" + query(sub.query(), binding) + ")";
            case Query.Function function -> piece(function.call(), select.links(), binding);
        };
    }

    private String item(Item item, Select select, Binding binding) {
        if (stars.containsKey(item)) {
            return String.join(", ", stars.get(item));
        }
        return piece(item.expression(), select.links(), binding)
                + item.name().map(name -> " AS " + Sql.quote(name)).orElse("");
    }

    /** The expressions of what is selected, each by itself. */
    public List<String> expressions(Select select, Binding binding) {
        List<String> expressions = new ArrayList<>();
        for (Item item : select.items()) {
            if (stars.containsKey(item)) {
                expressions.addAll(stars.get(item));
            } else {
                expressions.add(piece(item.expression(), select.links(), binding));
            }
        }
        return expressions;
    }

    private String pieces(List<Span> spans, Select select, Binding binding) {
        return Sql.list(spans, span -> piece(span, select.links(), binding));
    }

    /** A piece of the text, with what queries within it read. */
    public String piece(Span span, List<SubLink> links, Binding binding) {
        return piece(span, links, binding, Map.of());
    }

    /** @param others what stands in the place of other parts of it */
    public String piece(Span span, List<SubLink> links, Binding binding, Map<Span, String> others) {
        SortedMap<Integer, Integer> ends = new TreeMap<>();
        Map<Integer, String> instead = new HashMap<>();
        links.stream()
                .filter(link -> span.contains(link.place()))
                .filter(link -> others.keySet().stream().noneMatch(other -> other.contains(link.place())))
                .forEach(link -> {
                    ends.put(link.place().begin(), link.place().end());
                    instead.put(link.place().begin(), "(" + query(link.query(), binding) + ")");
                });
        others.forEach((other, text) -> {
            if (span.contains(other)) {
                ends.put(other.begin(), other.end());
                instead.put(other.begin(), text);
            }
        });
        StringBuilder piece = new StringBuilder();
        int at = span.begin();
        for (Map.Entry<Integer, Integer> end : ends.entrySet()) {
            piece.append(text, at, end.getKey()).append(instead.get(end.getKey()));
            at = end.getValue();
        }
        return piece.append(text, at, span.end()).toString();
    }

    public String as(Span span) {
        return text.substring(span.begin(), span.end());
    }
}
