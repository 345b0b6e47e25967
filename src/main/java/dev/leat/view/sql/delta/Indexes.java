package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Order;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.postgres.Sql;
import dev.leat.view.sql.delta.text.Input;
import dev.leat.view.sql.delta.text.Probe;
import dev.leat.view.sql.delta.text.Slot;
import dev.leat.view.sql.delta.text.Stages;
import dev.leat.view.sql.delta.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The columns by which rows are looked for: those of keys, and those that are compared with another table's. */
final class Indexes {

    private static final String NAME = "[\\p{L}_][\\p{L}\\p{N}_$]*|\"(?:[^\"]|\"\")+\"";
    private static final Pattern COLUMN = Pattern.compile("(?:(" + NAME + ")\\.)?(" + NAME + ")");
    private static final Pattern EQUAL =
            Pattern.compile("(?:(" + NAME + ")\\.)?(" + NAME + ")\\s*=\\s*(?:(" + NAME + ")\\.)?(" + NAME + ")");

    private static final List<String> SHORT =
            List.of("smallint", "integer", "bigint", "numeric", "real", "double", "date", "time", "boolean", "uuid");

    private final Texts texts;
    private final Probe probe;
    private final Function<String, Input> inputs;
    private final List<Slot> slots;
    private final Set<Node.Index> found = new LinkedHashSet<>();

    Indexes(Texts texts, Probe probe, Function<String, Input> inputs, List<Slot> slots) {
        this.texts = texts;
        this.probe = probe;
        this.inputs = inputs;
        this.slots = slots;
    }

    List<Node.Index> of(Query query) {
        find(query, List.of());
        return List.copyOf(found);
    }

    /** @param outer what queries around it read */
    private void find(Query query, List<FromElement> outer) {
        switch (query) {
            case SetOperation operation -> {
                find(operation.left(), outer);
                find(operation.right(), outer);
            }
            case Select select -> find(select, outer);
        }
    }

    /** In the order by which the first rows are taken: as far as its columns are of types that are never long. */
    private void findOrder(Select select, String kept) {
        Input input = inputs.apply(kept);
        SequencedMap<String, String> types = probe.columns("SELECT * FROM " + Sql.quote(kept));
        List<String> columns = new ArrayList<>();
        List<String> orders = new ArrayList<>();
        for (Order order : select.tail().orders()) {
            String column = name(texts.as(order.expression()));
            String direction = order.direction().map(texts::as).orElse("");
            boolean isShort = SHORT.stream().anyMatch(types.getOrDefault(column, "")::startsWith);
            if (!isShort || direction.toUpperCase(Locale.ROOT).startsWith("USING")) {
                break;
            }
            columns.add(column);
            orders.add(Sql.quote(column) + " " + direction);
        }
        if (!columns.isEmpty()) {
            found.add(new Node.Index(input.relation(), columns, orders));
        }
    }

    private void find(Select select, List<FromElement> outer) {
        if (select.tail().limit().isPresent()
                && select.from().getFirst().alias().equals(Stages.ALL)
                && select.from().getFirst().source() instanceof Table kept) {
            findOrder(select, kept.name());
        }
        List<FromElement> visible = new ArrayList<>(select.from());
        visible.addAll(outer);
        for (Slot slot : slots) {
            slot.in(select)
                    .map(COLUMN::matcher)
                    .filter(Matcher::matches)
                    .ifPresent(m -> add(visible, m.group(1), m.group(2)));
        }
        Stream.concat(select.where().stream(), select.from().stream().flatMap(e -> e.condition().stream()))
                .map(span -> EQUAL.matcher(texts.as(span)))
                .forEach(equal -> {
                    while (equal.find()) {
                        add(visible, equal.group(1), equal.group(2));
                        add(visible, equal.group(3), equal.group(4));
                    }
                });
        for (FromElement element : select.from()) {
            if (element.source() instanceof Query.SubQuery sub) {
                find(sub.query(), element.lateral() ? visible : List.of());
            }
        }
        select.links().forEach(link -> find(link.query(), visible));
    }

    private void add(List<FromElement> visible, String alias, String column) {
        String name = name(column);
        for (FromElement element : visible) {
            boolean isMeant = alias == null || name(alias).equals(element.alias());
            if (isMeant && element.source() instanceof Table table) {
                Input input = inputs.apply(table.name());
                if (input.columns().contains(name)) {
                    if (input.isOurs()) {
                        found.add(Node.Index.of(input.relation(), name));
                    }
                    return;
                }
            }
        }
    }

    private static String name(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier.toLowerCase(Locale.ROOT);
    }
}
