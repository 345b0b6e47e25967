package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Join;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.SubLink;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.pipeline.sql.Span;
import dev.leat.postgres.Sql;
import dev.leat.view.sql.delta.text.Kinds;
import dev.leat.view.sql.delta.text.Meanings;
import dev.leat.view.sql.delta.text.Probe;
import dev.leat.view.sql.delta.text.Slot;
import dev.leat.view.sql.delta.text.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds which keys of a query change when rows of one of its tables do: as SELECTs over the rows that came and went. They may
 * give more keys than change, never fewer.
 */
final class Touched {

    private final Texts texts;
    private final Probe probe;
    private final Kinds kinds;
    private final List<Slot> slots;
    private final boolean isTangled;
    private final Table changed;
    private final Texts.Binding certain;
    private final Texts.Binding delta;
    private final Changes changes;
    private final Existing existing;

    // Set while the keys are looked for, by one thread.
    private boolean isAll;

    /** @param isTangled whether the query reads something else that may change in the same statement */
    Touched(Texts texts, Probe probe, Kinds kinds, List<Slot> slots, Bindings bindings, boolean isTangled) {
        this.texts = texts;
        this.probe = probe;
        this.kinds = kinds;
        this.slots = slots;
        this.isTangled = isTangled;
        this.changed = bindings.changed();
        this.certain = bindings.certain();
        this.delta = bindings.delta();
        this.changes = new Changes(texts, kinds, changed);
        this.existing = new Existing(texts, kinds, new Meanings(texts, probe), changes, bindings);
    }

    /** Whether the keys that were found are all that there are, whichever rows change. */
    boolean isAll() {
        return isAll;
    }

    /** The SELECTs of the keys, in the order of the slots; empty when any key may change. */
    Optional<List<String>> of(Query query) {
        if (slots.isEmpty()) {
            return Optional.empty();
        }
        return switch (query) {
            case SetOperation operation ->
                of(Kinds.reads(operation.left(), changed) ? operation.left() : operation.right());
            case Select select -> ofSelect(select);
        };
    }

    private Optional<List<String>> ofSelect(Select select) {
        for (int i = 0; i < select.from().size(); i++) {
            if (Kinds.reads(select.from().get(i).source(), changed)) {
                return ofElement(select, i);
            }
        }
        return ofLink(select);
    }

    private Optional<List<String>> ofElement(Select select, int at) {
        FromElement element = select.from().get(at);
        if (kinds.isFilter(select)) {
            return of(((Query.SubQuery) element.source()).query());
        }
        if (!Kinds.isPlain(select.from())) {
            return Optional.empty();
        }
        if (element.lateral() && element.source() instanceof Query.SubQuery sub && !kinds.isLinear(sub.query())) {
            return ofLateral(select, at, sub.query());
        }
        Optional<Query.Source> source = changes.of(element.source());
        return source.flatMap(s -> ofJoin(select, at, element.of(s)));
    }

    private Optional<List<String>> ofJoin(Select select, int at, FromElement element) {
        List<FromElement> from = select.from();
        if (!isNullable(from, at)) {
            boolean isAfterOuter = from.subList(0, at).stream().anyMatch(e -> Kinds.isOuter(e.join()));
            String keys = keys(select, Changes.replaced(from, at, element));
            return Optional.of(List.of(keys + (isAfterOuter ? "" : texts.where(select, delta))));
        }
        List<String> selects = new ArrayList<>();
        selects.add(keys(select, Changes.replaced(from, at, element)));
        if (!isOfCertainSide(select)) {
            if (isTangled) {
                return Optional.empty();
            }
            if (element.condition().isEmpty()
                    || !texts.as(element.condition().get()).regionMatches(true, 0, "ON", 0, 2)) {
                return conditionOf(select, at).flatMap(c -> withoutMatch(select, at, element, c, selects));
            }
            return withoutMatch(
                    select, at, element, texts.as(element.condition().get()).substring(2), selects);
        }
        if (from.get(at).join() == Join.LEFT) {
            selects.clear();
            selects.add(keys(select, Changes.replaced(from.subList(0, at + 1), at, element)));
        }
        return Optional.of(selects);
    }

    /** The condition by which the first of two is joined is the second's. */
    private Optional<String> conditionOf(Select select, int at) {
        return at == 0 && select.from().size() == 2
                ? select.from()
                        .get(1)
                        .condition()
                        .map(texts::as)
                        .filter(c -> c.regionMatches(true, 0, "ON", 0, 2))
                        .map(c -> c.substring(2))
                : Optional.empty();
    }

    /** And the keys of rows that had no partner before, or have none any more. */
    private Optional<List<String>> withoutMatch(
            Select select, int at, FromElement element, String condition, List<String> selects) {
        FromElement given = select.from().get(at);
        String none = "(SELECT * FROM " + texts.source(given.source(), select, certain) + " AS none WHERE false)";
        List<FromElement> from = new ArrayList<>(select.from());
        Table placeholder = new Table("none", new Span(0, 0));
        from.set(at, given.of(placeholder));
        Texts.Binding binding = table -> table == placeholder ? none : certain.apply(table);
        selects.add("SELECT DISTINCT " + expressions(select) + texts.from(select, from, binding)
                + "\nWHERE EXISTS (SELECT FROM " + texts.source(element.source(), select, delta) + " AS "
                + Sql.quote(element.alias()) + " WHERE " + condition + ")");
        return Optional.of(selects);
    }

    private String keys(Select select, List<FromElement> from) {
        return "SELECT DISTINCT " + expressions(select) + texts.from(select, from, delta);
    }

    private String expressions(Select select) {
        return Sql.list(slots, slot -> slot.of(select));
    }

    /** Whether the rows of an element may be null in the result. */
    private static boolean isNullable(List<FromElement> from, int at) {
        Join join = from.get(at).join();
        Join next = at + 1 < from.size() ? from.get(at + 1).join() : Join.COMMA;
        return join == Join.LEFT || join == Join.FULL || next == Join.RIGHT || next == Join.FULL;
    }

    /** Whether the keys only speak of what is there in any case, in front of LEFT or behind RIGHT. */
    private boolean isOfCertainSide(Select select) {
        List<FromElement> from = select.from();
        List<FromElement> certain = new ArrayList<>();
        for (FromElement element : from) {
            if (element.join() == Join.LEFT) {
                break;
            }
            if (element.join() == Join.FULL) {
                return false;
            }
            if (element.join() == Join.RIGHT) {
                certain.clear();
                certain.add(new FromElement(
                        Join.FIRST,
                        element.lateral(),
                        element.source(),
                        element.alias(),
                        element.columns(),
                        Optional.empty()));
            } else {
                certain.add(element);
            }
        }
        return probe.columnsIfAny("SELECT " + named(select) + texts.from(select, certain, Texts.NAMES))
                .isPresent();
    }

    private String named(Select select) {
        return Sql.list(slots, slot -> slot.of(select) + " AS " + slot.name());
    }

    /** A query of LATERAL that has no key of its own: whatever it is joined with is computed again. */
    private Optional<List<String>> ofLateral(Select select, int at, Query query) {
        if (isTangled || !isOfOthers(select, at)) {
            return Optional.empty();
        }
        List<FromElement> before = select.from().subList(0, at);
        return existing.of(query)
                .map(exists -> List.of("SELECT DISTINCT " + expressions(select) + texts.from(select, before, certain)
                        + "\nWHERE " + exists));
    }

    private boolean isOfOthers(Select select, int at) {
        return at > 0
                && probe.columnsIfAny("SELECT " + named(select)
                                + texts.from(select, select.from().subList(0, at), Texts.NAMES))
                        .isPresent();
    }

    private Optional<List<String>> ofLink(Select select) {
        Optional<SubLink> found = select.links().stream()
                .filter(link -> Kinds.reads(link.query(), changed))
                .findFirst();
        if (found.isEmpty() || Kinds.isInJoin(select, found.get())) {
            return Optional.empty();
        }
        SubLink link = found.get();
        isAll |= !existing.isByValue(select, link) && isOfNoRow(link.query());
        return existing.of(select, link)
                .map(exists -> List.of("SELECT DISTINCT " + expressions(select)
                        + texts.from(select, select.from(), certain)
                        + Texts.and(texts.where(select, certain), exists)));
    }

    /** Whether it gives the same for each row: it names nothing of them. */
    private boolean isOfNoRow(Query query) {
        return probe.columnsIfAny("SELECT EXISTS (" + texts.query(query, Texts.NAMES) + ") AS c")
                .isPresent();
    }
}
