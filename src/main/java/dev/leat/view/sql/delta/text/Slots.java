package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query.Item;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Span;
import dev.leat.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/** Makes the columns of keys, each with a name of its own within a view. */
public final class Slots {

    private final Texts texts;
    private final Probe probe;
    private int numbers;

    public Slots(Texts texts, Probe probe) {
        this.texts = texts;
        this.probe = probe;
    }

    public Slot next() {
        return new Slot(++numbers);
    }

    /** None where a query within one of the expressions says what it is. */
    public List<Slot> of(Select select, List<Span> spans, Function<Span, String> meaning) {
        List<Slot> slots = new ArrayList<>();
        for (Span span : spans) {
            if (select.links().stream().anyMatch(link -> span.contains(link.place()))) {
                return List.of();
            }
            slots.add(of(select, meaning.apply(span)));
        }
        return slots;
    }

    public Slot of(Select select, String expression) {
        Slot slot = next();
        slot.is(select, expression);
        return slot;
    }

    /** All that is selected. */
    public List<Slot> ofResults(Select select) {
        boolean reads = select.links().stream()
                .anyMatch(
                        link -> select.items().stream().map(Item::expression).anyMatch(e -> e.contains(link.place())));
        return reads
                ? List.of()
                : texts.expressions(select, Texts.NAMES).stream()
                        .map(expression -> of(select, expression))
                        .toList();
    }

    /** A slot has its type from the first SELECT that knows it; an array is told apart by its text. */
    public void type(Select select, List<Slot> slots) {
        List<Slot> own =
                slots.stream().filter(slot -> slot.in(select).isPresent()).toList();
        if (own.stream().allMatch(slot -> slot.type() != null)) {
            return;
        }
        SequencedMap<String, String> types =
                probe.columns("SELECT " + Sql.list(own, slot -> slot.of(select) + " AS " + slot.name())
                        + texts.from(select, select.from(), Texts.NAMES));
        for (Slot slot : own) {
            String type = types.get(slot.name());
            boolean isArray = type.endsWith("[]");
            if (isArray) {
                slot.is(select, "(" + slot.of(select) + ")::text");
            }
            slot.type(isArray ? "text" : type);
        }
    }
}
