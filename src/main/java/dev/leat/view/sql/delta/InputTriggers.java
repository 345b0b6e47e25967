package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.pipeline.sql.QueryTables;
import dev.leat.view.sql.delta.text.Input;
import dev.leat.view.sql.delta.text.Kinds;
import dev.leat.view.sql.delta.text.Probe;
import dev.leat.view.sql.delta.text.Slot;
import dev.leat.view.sql.delta.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Writes what runs after each statement on a table that a node reads. */
final class InputTriggers {

    private final Texts texts;
    private final Probe probe;
    private final Kinds kinds;
    private final Function<String, Input> inputs;
    private final String view;

    /** @param view whose nodes take turns */
    InputTriggers(Texts texts, Probe probe, Kinds kinds, Function<String, Input> inputs, String view) {
        this.texts = texts;
        this.probe = probe;
        this.kinds = kinds;
        this.inputs = inputs;
        this.view = view;
    }

    /** @param methods how the node is kept for changes of each of its inputs */
    record Made(List<Node.Trigger> triggers, List<Node.Method> methods) {}

    /** @param touched the SELECTs of the keys; empty where all is computed again */
    private record Found(Optional<List<String>> touched, boolean isAll) {
        static final Found NONE = new Found(Optional.empty(), true);
    }

    Made of(String name, Query query, List<Slot> slots, Maintenance maintenance) {
        Made made = new Made(new ArrayList<>(), new ArrayList<>());
        Set<String> read = new LinkedHashSet<>();
        QueryTables.in(query).forEach(table -> read.add(table.name()));
        for (String input : read) {
            add(made, name, query, slots, maintenance, inputs.apply(input));
        }
        return made;
    }

    private void add(Made made, String name, Query query, List<Slot> slots, Maintenance maintenance, Input input) {
        List<Table> tables = QueryTables.in(query);
        boolean isLost = !input.isAppended()
                && tables.stream()
                        .anyMatch(t -> !t.name().equals(input.name())
                                && !inputs.apply(t.name()).isAppended()
                                && isRelated(t, input));
        for (Change change : input.isAppended() ? List.of(Change.INSERT) : List.of(Change.values())) {
            Found found = isLost ? Found.NONE : touched(query, slots, input, tables, change);
            if (change == Change.INSERT) {
                made.methods().add(new Methods(texts, kinds).of(query, slots, input, isLost, found.isAll()));
            }
            made.triggers()
                    .add(new Node.Trigger(
                            name + "#" + Integer.toHexString(input.name().hashCode()) + "#"
                                    + change.name().charAt(0),
                            input.changed(),
                            change.name(),
                            change.transitions(),
                            maintenance.body(view, change.any(), found.touched())));
        }
    }

    /** Whether both may change by one statement. */
    private boolean isRelated(Table table, Input input) {
        return inputs.apply(table.name()).roots().stream().anyMatch(input.roots()::contains);
    }

    private Found touched(Query query, List<Slot> slots, Input input, List<Table> tables, Change change) {
        boolean isTangled = tables.stream().filter(t -> isRelated(t, input)).count() > 1;
        List<String> all = new ArrayList<>();
        boolean isAll = false;
        for (Table table : tables) {
            if (table.name().equals(input.name())) {
                Bindings bindings = new Bindings(
                        table, change.rows(input), this::full, t -> isRelated(t, input), change.gone(input));
                Touched touched = new Touched(texts, probe, kinds, slots, bindings, isTangled);
                Optional<List<String>> keys = touched.of(query);
                if (keys.isEmpty()) {
                    return Found.NONE;
                }
                all.addAll(keys.get());
                isAll |= touched.isAll();
            }
        }
        return new Found(Optional.of(all), isAll);
    }

    private String full(Table table) {
        return inputs.apply(table.name()).relation();
    }

    /** What a statement does to rows. */
    private enum Change {
        INSERT("NEW TABLE AS _new", "_new"),
        UPDATE("OLD TABLE AS _old NEW TABLE AS _new", "_new"),
        DELETE("OLD TABLE AS _old", "_old");

        private final String transitions;
        private final String any;

        Change(String transitions, String any) {
            this.transitions = transitions;
            this.any = any;
        }

        String transitions() {
            return transitions;
        }

        /** What has rows if the statement changed any. */
        String any() {
            return any;
        }

        Optional<String> gone(Input input) {
            return this == INSERT ? Optional.empty() : Optional.of(input.of("_old"));
        }

        String rows(Input input) {
            return switch (this) {
                case INSERT -> input.of("_new");
                case DELETE -> input.of("_old");
                case UPDATE ->
                    "(SELECT * FROM " + input.of("_old") + " AS _o UNION ALL SELECT * FROM " + input.of("_new")
                            + " AS _w)";
            };
        }
    }
}
