package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

    private final Texts texts;
    private final Function<String, Input> inputs;
    private final List<Slot> slots;
    private final Set<Node.Index> found = new LinkedHashSet<>();

    Indexes(Texts texts, Function<String, Input> inputs, List<Slot> slots) {
        this.texts = texts;
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

    private void find(Select select, List<FromElement> outer) {
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
                        found.add(new Node.Index(input.relation(), name));
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
