package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Item;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.SubLink;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.view.sql.delta.text.Kinds;
import dev.leat.view.sql.delta.text.Meanings;
import dev.leat.view.sql.delta.text.Texts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Conditions that are true where a query within an expression reads rows that came or went. */
final class Existing {

    private final Texts texts;
    private final Kinds kinds;
    private final Meanings meanings;
    private final Table changed;
    private final Changes changes;
    private final Texts.Binding certain;
    private final Texts.Binding delta;

    Existing(Texts texts, Kinds kinds, Meanings meanings, Changes changes, Bindings bindings) {
        this.texts = texts;
        this.kinds = kinds;
        this.meanings = meanings;
        this.changed = bindings.changed();
        this.changes = changes;
        this.certain = bindings.certain();
        this.delta = bindings.delta();
    }

    /** What a query gives is looked for. @param isTrueOnly whether null is as good as false there */
    private record Test(String tested, boolean isTrueOnly) {}

    /** The condition that the query reads rows that came or went, for the rows of the SELECT that it stands in. */
    Optional<String> of(Select around, SubLink link) {
        return of(link.query(), test(around, link));
    }

    /** The same, of a query that stands in FROM. */
    Optional<String> of(Query query) {
        return of(query, Optional.empty());
    }

    /** Whether only rows with certain values see what changes. */
    boolean isByValue(Select around, SubLink link) {
        return test(around, link).filter(t -> isByValue(link.query(), t)).isPresent();
    }

    private boolean isByValue(Query query, Test test) {
        return switch (query) {
            case SetOperation operation ->
                operation.tail().limit().isEmpty()
                        && isByValue(operation.left(), test)
                        && isByValue(operation.right(), test);
            case Select select -> isByValue(select, test);
        };
    }

    private Optional<Test> test(Select around, SubLink link) {
        return link.tested()
                .map(tested -> new Test(
                        texts.as(tested),
                        !link.isNegated()
                                && around.conjuncts().stream()
                                        .anyMatch(c -> c.begin() == tested.begin()
                                                && c.end() == link.place().end())));
    }

    /** Whether each value of it comes of rows with this value alone. */
    private boolean isByValue(Select select, Test test) {
        List<Item> items = select.items();
        if (items.stream().anyMatch(item -> item.star().isPresent() || computesWithChanged(select, item))
                || items.size() > 1 && !test.isTrueOnly()
                || !select.partitions().isEmpty()
                || select.tail().limit().isPresent()
                || select.distinct().filter(d -> !d.on().isEmpty()).isPresent()) {
            return false;
        }
        List<String> groups = select.groups().stream()
                .map(group -> meanings.groupedBy(select, group))
                .toList();
        return !kinds.isGrouped(select)
                || items.stream().map(item -> texts.as(item.expression())).allMatch(groups::contains);
    }

    private boolean computesWithChanged(Select select, Item item) {
        return select.links().stream()
                .anyMatch(link -> item.expression().contains(link.place()) && Kinds.reads(link.query(), changed));
    }

    private Optional<String> of(Query query, Optional<Test> test) {
        if (query instanceof SetOperation operation) {
            Optional<Test> of = test.filter(t -> isByValue(operation, t));
            return of(Kinds.reads(operation.left(), changed) ? operation.left() : operation.right(), of);
        }
        Select select = (Select) query;
        Optional<Test> tested = test.filter(t -> isByValue(select, t));
        for (int i = 0; i < select.from().size(); i++) {
            FromElement element = select.from().get(i);
            if (Kinds.reads(element.source(), changed)) {
                int at = i;
                return Kinds.hasOuter(select.from())
                        ? Optional.empty()
                        : changes.of(element.source())
                                .map(s -> exists(
                                        select,
                                        texts.from(select, Changes.replaced(select.from(), at, element.of(s)), delta),
                                        texts.where(select, delta),
                                        tested));
            }
        }
        return select.links().stream()
                .filter(link -> Kinds.reads(link.query(), changed))
                .findFirst()
                .filter(link -> !Kinds.isInJoin(select, link))
                .flatMap(link -> of(select, link))
                .map(inner -> exists(
                        select,
                        texts.from(select, select.from(), certain),
                        Texts.and(texts.where(select, certain), inner),
                        tested));
    }

    private String exists(Select select, String from, String where, Optional<Test> test) {
        if (test.isEmpty()) {
            return "EXISTS (SELECT" + from + where + ")";
        }
        String values = texts.expressions(select, delta).stream().collect(Collectors.joining(", "));
        String in = test.get().tested() + " IN (SELECT " + values + from + where + ")";
        return test.get().isTrueOnly()
                ? in
                : "(" + in + " OR " + test.get().tested() + " IS NULL OR EXISTS (SELECT" + from
                        + Texts.and(where, "(" + values + ") IS NULL") + "))";
    }
}
