package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Join;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.pipeline.sql.Span;
import dev.leat.postgres.Sql;
import dev.leat.view.sql.delta.text.Input;
import dev.leat.view.sql.delta.text.Kinds;
import dev.leat.view.sql.delta.text.Meanings;
import dev.leat.view.sql.delta.text.Probe;
import dev.leat.view.sql.delta.text.Slot;
import dev.leat.view.sql.delta.text.Slots;
import dev.leat.view.sql.delta.text.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds by what a query's rows may be computed a part at a time: rows with the same key follow from each other and from no
 * rows with another key. Of groups it is what is grouped by, of window functions what all are partitioned by, of joins the keys
 * of the rows that are joined.
 */
final class Keys {

    /** As many columns as an index of Postgres has. */
    private static final int MOST = 30;

    private final Texts texts;
    private final Probe probe;
    private final Kinds kinds;
    private final Function<String, Input> inputs;
    private final Meanings meanings;
    private final Slots slots;

    Keys(Texts texts, Probe probe, Kinds kinds, Function<String, Input> inputs) {
        this.texts = texts;
        this.probe = probe;
        this.kinds = kinds;
        this.inputs = inputs;
        this.meanings = new Meanings(texts, probe);
        this.slots = new Slots(texts, probe);
    }

    /**
     * @param slots columns that the query gives beside its own; none: it is computed as a whole
     * @param isUnique whether no two rows have the same
     */
    record Key(List<Slot> slots, boolean isUnique) {
        static final Key WHOLE = new Key(List.of(), false);
    }

    /** Adds its columns to the query. */
    Key of(Query query) {
        Key key = find(query);
        if (key.slots().size() > MOST) {
            return Key.WHOLE;
        }
        selects(query).forEach(select -> slots.type(select, key.slots()));
        texts.add(query, key.slots());
        return key;
    }

    private Key find(Query query) {
        return switch (query) {
            case Select select -> of(select);
            case SetOperation operation -> of(operation);
        };
    }

    private Key of(Select select) {
        boolean grouped = kinds.isGrouped(select);
        boolean partitioned = !select.partitions().isEmpty();
        boolean distinct = select.distinct().isPresent();
        if (select.tail().limit().isPresent() || (grouped ? 1 : 0) + (partitioned ? 1 : 0) + (distinct ? 1 : 0) > 1) {
            return Key.WHOLE;
        }
        if (grouped) {
            return new Key(slots.of(select, select.groups(), g -> meanings.groupedBy(select, g)), true);
        }
        if (distinct) {
            List<Span> on = select.distinct().get().on();
            return on.isEmpty()
                    ? new Key(slots.ofResults(select), true)
                    : new Key(slots.of(select, on, o -> meanings.orderedBy(select, o)), true);
        }
        if (partitioned) {
            return new Key(slots.of(select, common(select.partitions()), texts::as), false);
        }
        return kinds.isFilter(select) ? ofFiltered(select) : ofJoined(select);
    }

    private List<Span> common(List<List<Span>> partitions) {
        List<Span> common = new ArrayList<>(partitions.getFirst());
        for (List<Span> other : partitions) {
            common.removeIf(span -> other.stream().noneMatch(o -> texts.as(o).equals(texts.as(span))));
        }
        return common;
    }

    private Key ofFiltered(Select select) {
        FromElement only = select.from().getFirst();
        Query query = ((Query.SubQuery) only.source()).query();
        if (only.columns().isPresent()) {
            return Key.WHOLE;
        }
        Key key = of(query);
        key.slots().forEach(slot -> slot.is(select, Sql.quote(only.alias()) + "." + slot.name()));
        return new Key(key.slots(), false);
    }

    /** Of an outer join, the side that is there in any case: the other may be null. */
    private Key ofJoined(Select select) {
        List<FromElement> from = select.from();
        if (from.isEmpty() || !Kinds.isPlain(from)) {
            return Key.WHOLE;
        }
        List<Slot> all = new ArrayList<>();
        for (FromElement element : from) {
            if (element.join() == Join.LEFT) {
                break;
            }
            if (element.join() == Join.RIGHT) {
                all.clear();
            }
            Optional<List<Slot>> of = ofElement(select, element);
            if (of.isEmpty()) {
                return Key.WHOLE;
            }
            all.addAll(of.get());
        }
        return new Key(all, false);
    }

    private Optional<List<Slot>> ofElement(Select select, FromElement element) {
        String alias = Sql.quote(element.alias());
        return switch (element.source()) {
            case Table table ->
                element.columns().isPresent()
                        ? Optional.empty()
                        : Optional.of(inputs.apply(table.name()).key().stream()
                                .map(column -> slots.of(select, alias + "." + Sql.quote(column)))
                                .toList());
            case Query.SubQuery sub when element.lateral() -> Optional.of(List.of());
            case Query.SubQuery sub -> {
                Key key = of(sub.query());
                if (key.slots().isEmpty() || element.columns().isPresent()) {
                    yield Optional.empty();
                }
                key.slots().forEach(slot -> slot.is(select, alias + "." + slot.name()));
                yield Optional.of(key.slots());
            }
            case Query.Function function -> Optional.of(List.of());
        };
    }

    /** Of UNION ALL, which side it is and that side's key; of other operators, the whole result row. */
    private Key of(SetOperation operation) {
        if (operation.tail().limit().isPresent()) {
            return Key.WHOLE;
        }
        return operation.keepsAll() ? ofBoth(operation) : ofResults(operation);
    }

    private Key ofBoth(SetOperation operation) {
        Key left = of(operation.left());
        Key right = of(operation.right());
        if (left.slots().isEmpty() || right.slots().isEmpty()) {
            return Key.WHOLE;
        }
        List<Slot> all = new ArrayList<>(List.of(side(operation)));
        all.addAll(left.slots());
        all.addAll(right.slots());
        return new Key(all, left.isUnique() && right.isUnique());
    }

    private Slot side(SetOperation operation) {
        Slot side = slots.next();
        is(side, operation.left(), "1");
        is(side, operation.right(), "2");
        return side;
    }

    /** Also in what a filter chooses from: that says which keys a change touches. */
    private void is(Slot side, Query query, String value) {
        for (Select select : selects(query)) {
            side.is(select, value);
            if (kinds.isFilter(select)) {
                is(side, ((Query.SubQuery) select.from().getFirst().source()).query(), value);
            }
        }
    }

    private Key ofResults(SetOperation operation) {
        List<Select> selects = selects(operation);
        if (selects.stream().anyMatch(select -> !kinds.isLinear(select))) {
            return Key.WHOLE;
        }
        List<Slot> all = new ArrayList<>();
        for (Select select : selects) {
            List<String> results = texts.expressions(select, Texts.NAMES);
            for (int i = 0; i < results.size(); i++) {
                if (all.size() <= i) {
                    all.add(slots.next());
                }
                all.get(i).is(select, results.get(i));
            }
        }
        return new Key(all, !operation.operator().endsWith("ALL"));
    }

    private static List<Select> selects(Query query) {
        List<Select> selects = new ArrayList<>();
        switch (query) {
            case Select select -> selects.add(select);
            case SetOperation operation -> {
                selects.addAll(selects(operation.left()));
                selects.addAll(selects(operation.right()));
            }
        }
        return selects;
    }
}
