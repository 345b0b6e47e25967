package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.Call;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Order;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Tail;
import dev.leat.pipeline.sql.Span;
import dev.leat.postgres.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * Writes queries that have no key as queries over such that have one: the first rows are taken from all rows, which are kept in
 * order; aggregates of all rows are put together of those of parts.
 *
 * <pre>
 *   SELECT … ORDER BY o LIMIT n   SELECT … FROM (SELECT …, o) AS _all ORDER BY o LIMIT n
 *   SELECT sum(x) FROM …          SELECT sum(s) FROM (SELECT sum(a) AS s FROM (SELECT x AS a, … AS b FROM …) AS _rows
 *                                                     GROUP BY b) AS _parts
 * </pre>
 */
public final class Stages {

    /** Aliases of what has a table of its own. */
    public static final String ALL = "_all";

    public static final String ROWS = "_rows";
    public static final String PARTS = "_parts";

    /** Names of the aggregates that are put together. */
    public static final Set<String> COMBINED = Aggregates.NAMES;

    public static final int MOST_PARTS = 1024;

    private static final Set<String> WITHOUT_ORDER = Set.of("record", "json", "xml", "point");

    private final Texts texts;
    private final Probe probe;
    private final Kinds kinds;
    private final Meanings meanings;
    private final Function<String, Input> inputs;
    private boolean isStaged;

    public Stages(Texts texts, Probe probe, Kinds kinds, Function<String, Input> inputs) {
        this.texts = texts;
        this.probe = probe;
        this.kinds = kinds;
        this.meanings = new Meanings(texts, probe);
        this.inputs = inputs;
    }

    /** Whether a query of FROM has a table of its own because of its alias. */
    public static boolean isKept(FromElement element) {
        return element.alias().equals(ALL) || element.alias().equals(ROWS);
    }

    /** The text of a query that gives the same; empty where it can stay as it is. */
    public Optional<String> of(Query query) {
        stage(query);
        return isStaged ? Optional.of(texts.query(query, Texts.NAMES)) : Optional.empty();
    }

    private void replace(Query query, String staged) {
        isStaged = true;
        texts.replace(query, staged);
    }

    private void stage(Query query) {
        switch (query) {
            case SetOperation operation -> {
                stage(operation.left());
                stage(operation.right());
                if (operation.tail().limit().isPresent()) {
                    first(operation, operation.tail(), operation.withoutTail());
                }
            }
            case Select select -> {
                for (FromElement element : select.from()) {
                    if (!element.lateral() && element.source() instanceof Query.SubQuery sub) {
                        stage(sub.query());
                    }
                }
                if (select.tail().limit().isPresent() && !isDistinctOn(select)) {
                    Select all = select.withoutTail();
                    texts.as(select, all);
                    first(select, select.tail(), all);
                } else if (isOfAllRows(select)) {
                    inParts(select);
                }
            }
        }
    }

    /** Which row stays of those that are alike is said by the order, which isn't kept. */
    private static boolean isDistinctOn(Select select) {
        return select.distinct().filter(distinct -> !distinct.on().isEmpty()).isPresent();
    }

    private boolean isCollated(Query query) {
        return texts.query(query, Texts.NAMES).toLowerCase(Locale.ROOT).contains("collate");
    }

    /** @param all the same query, without its tail */
    private void first(Query query, Tail tail, Query all) {
        Optional<SequencedMap<String, String>> columns = probe.columnsIfAny(texts.query(query, Texts.NAMES));
        boolean reads = query instanceof Select select
                && select.links().stream()
                        .anyMatch(link -> tail.limit().get().contains(link.place())
                                || tail.order().get().contains(link.place()));
        if (columns.isEmpty() || reads || isCollated(query)) {
            return;
        }
        List<String> names = List.copyOf(columns.get().keySet());
        List<Slot> hidden = new ArrayList<>();
        List<String> orders = new ArrayList<>();
        for (Order order : tail.orders()) {
            String by = meanings.named(names, texts.as(order.expression())).orElseGet(() -> {
                Slot slot = new Slot("_o" + (hidden.size() + 1));
                if (all instanceof Select select) {
                    slot.is(select, texts.as(order.expression()));
                }
                hidden.add(slot);
                return slot.name();
            });
            orders.add(Sql.quote(by)
                    + order.direction().map(d -> " " + texts.as(d)).orElse(""));
        }
        texts.add(all, hidden);
        Optional<SequencedMap<String, String>> kept = probe.columnsIfAny(texts.query(all, Texts.NAMES));
        if (kept.isPresent() && kept.get().values().stream().noneMatch(WITHOUT_ORDER::contains)) {
            String inner = texts.query(all, Texts.NAMES);
            replace(
                    query,
                    "SELECT " + Sql.list(names, Sql::quote) + "\nFROM (" + inner + ") AS " + Sql.quote(ALL)
                            + "\nORDER BY " + String.join(", ", orders) + "\n"
                            + texts.as(tail.limit().get()));
        }
    }

    private boolean isOfAllRows(Select select) {
        return kinds.isGrouped(select)
                && select.groups().isEmpty()
                && select.partitions().isEmpty()
                && select.distinct().isEmpty()
                && !select.from().isEmpty()
                && !isCollated(select);
    }

    private void inParts(Select select) {
        Optional<SequencedMap<String, String>> columns = probe.columnsIfAny(texts.query(select, Texts.NAMES));
        Optional<Map<Call, Aggregates.InParts>> found = parts(select);
        if (columns.isEmpty()
                || found.isEmpty()
                || columns.get().size() != select.items().size()) {
            return;
        }
        List<String> ofRow = new ArrayList<>(List.of(part(select) + " AS \"_b\""));
        List<String> ofPart = new ArrayList<>(List.of("\"_b\""));
        Map<Span, String> combined = new HashMap<>();
        int number = 0;
        for (Map.Entry<Call, Aggregates.InParts> part : found.get().entrySet()) {
            String name = "\"_a" + ++number + "\"";
            part.getValue().ofRow().ifPresent(row -> ofRow.add(row + " AS " + name));
            part.getValue().ofPart().forEach((column, value) -> ofPart.add(value + " AS " + Sql.quote(column)));
            combined.put(part.getKey().place(), part.getValue().combined());
        }
        List<String> items = new ArrayList<>();
        for (String name : columns.get().keySet()) {
            Span item = select.items().get(items.size()).expression();
            items.add(texts.piece(item, select.links(), Texts.NAMES, combined) + " AS " + Sql.quote(name));
        }
        String rows = "SELECT " + String.join(", ", ofRow) + texts.fromWhere(select, select.from(), Texts.NAMES);
        if (probe.columnsIfAny(rows).isPresent()) {
            replace(
                    select,
                    "SELECT " + String.join(", ", items) + "\nFROM (SELECT " + String.join(", ", ofPart) + "\nFROM ("
                            + rows + ") AS " + Sql.quote(ROWS) + "\nGROUP BY \"_b\") AS " + Sql.quote(PARTS)
                            + select.having()
                                    .map(h -> "\nHAVING " + texts.piece(h, select.links(), Texts.NAMES, combined))
                                    .orElse(""));
        }
    }

    /** Its aggregates; empty if one of them can't be put together. */
    private Optional<Map<Call, Aggregates.InParts>> parts(Select select) {
        Set<String> aggregates = probe.aggregates(select.calls());
        Map<Call, Aggregates.InParts> parts = new LinkedHashMap<>();
        for (Call call : select.called()) {
            if (aggregates.contains(call.name())) {
                String type = probe.columnsIfAny("SELECT " + piece(select, call.place()) + " AS c"
                                + texts.fromWhere(select, select.from(), Texts.NAMES))
                        .map(c -> c.get("c"))
                        .orElse("");
                Aggregates.Texted texted = new Aggregates.Texted(
                        call.arguments().map(a -> piece(select, a)).orElse("*"),
                        call.filter().map(f -> piece(select, f)));
                Optional<Aggregates.InParts> part = Aggregates.inParts(call, type, parts.size() + 1, texted);
                if (part.isEmpty()) {
                    return Optional.empty();
                }
                parts.put(call, part.get());
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts);
    }

    private String piece(Select select, Span span) {
        return texts.piece(span, select.links(), Texts.NAMES);
    }

    /** Which part a row belongs to, by what it has of the first relation. */
    private String part(Select select) {
        FromElement first = select.from().getFirst();
        String alias = Sql.quote(first.alias());
        String row =
                first.source() instanceof Query.Table table && first.columns().isEmpty()
                        ? "ROW(" + Sql.list(inputs.apply(table.name()).key(), k -> alias + "." + Sql.quote(k)) + ")"
                        : alias;
        return "(hashtextextended((" + row + ")::text, 0) & " + (MOST_PARTS - 1) + ")";
    }
}
