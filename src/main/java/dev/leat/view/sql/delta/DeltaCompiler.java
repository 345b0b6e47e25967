package dev.leat.view.sql.delta;

import dev.leat.pipeline.SqlText;
import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.pipeline.sql.QueryException;
import dev.leat.pipeline.sql.QueryParser;
import dev.leat.pipeline.sql.QueryTables;
import dev.leat.postgres.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * From a SELECT to tables that are kept current by computing touched keys again. A query within FROM that isn't linear gets a
 * table of its own, so that what it gave before is known.
 */
public final class DeltaCompiler {

    private final SqlText sql;
    private final String schema;
    private final String view;
    private final Probe probe;
    private final Texts texts;
    private final Kinds kinds;
    private final Map<String, Input> inputs = new HashMap<>();
    private final Keys keys;
    private final List<Node> nodes = new ArrayList<>();
    private int tables;

    /**
     * @param schema of the tables, quoted
     * @param view the name of the last node's table; the others' begin with it
     */
    public DeltaCompiler(SqlText sql, String schema, String view, Probe probe, List<Input> inputs) {
        this.sql = sql;
        this.schema = schema;
        this.view = view;
        this.probe = probe;
        this.texts = new Texts(sql.text());
        this.kinds = new Kinds(probe);
        inputs.forEach(input -> this.inputs.put(input.name(), input));
        this.keys = new Keys(texts, probe, kinds, this.inputs::get);
    }

    /** The tables, each after those that it reads; the last one is the view's. */
    public List<Node> compile() {
        Query query = parse();
        requireNoOrder(query);
        new Stars(texts, probe, this.inputs::get).expand(query);
        node(view, withTables(query, true));
        return List.copyOf(nodes);
    }

    private void requireNoOrder(Query query) {
        Query.Tail tail =
                switch (query) {
                    case Select select -> select.tail();
                    case SetOperation operation -> operation.tail();
                };
        if (tail.order().isPresent() && tail.limit().isEmpty() && !isDistinctOn(query)) {
            throw sql.complaint(
                    tail.order().get().begin(),
                    "ORDER BY alone belongs to the question, not to the view: `?order=…`; with LIMIT it says which rows there"
                            + " are");
        }
    }

    private static boolean isDistinctOn(Query query) {
        return query instanceof Select select
                && select.distinct().filter(d -> !d.on().isEmpty()).isPresent();
    }

    private Query parse() {
        try {
            return QueryParser.parse(sql.text());
        } catch (QueryException e) {
            throw sql.complaint(e.position(), e.getMessage());
        }
    }

    /** @param isTop whether rows of the result are rows of it, chosen at most */
    private Query withTables(Query query, boolean isTop) {
        return switch (query) {
            case SetOperation operation ->
                new SetOperation(
                        operation.operator(),
                        withTables(operation.left(), isTop && operation.keepsAll()),
                        withTables(operation.right(), isTop && operation.keepsAll()),
                        operation.tail());
            case Select select -> withTables(select, isTop);
        };
    }

    private Query withTables(Select select, boolean isTop) {
        List<FromElement> from = new ArrayList<>();
        boolean changed = false;
        for (FromElement element : select.from()) {
            FromElement next = element;
            if (element.source() instanceof Query.SubQuery sub && !element.lateral()) {
                next = element.of(withTables(sub, isTop && kinds.isFilter(select)));
            }
            changed |= next != element;
            from.add(next);
        }
        return changed ? texts.like(select, from) : select;
    }

    private Query.Source withTables(Query.SubQuery sub, boolean isFiltered) {
        if (kinds.isLinear(sub.query()) || isFiltered) {
            return new Query.SubQuery(withTables(sub.query(), isFiltered), sub.place());
        }
        String name = view + "##" + ++tables;
        Node node = node(name, withTables(sub.query(), true));
        Table table = new Table(name, sub.place());
        probe.add(name, node.columns());
        inputs.put(
                name,
                new Input(
                        name,
                        node.table(),
                        node.table(),
                        Optional.empty(),
                        false,
                        List.copyOf(node.result().keySet()),
                        node.key(),
                        roots(sub.query()),
                        true));
        return table;
    }

    private Set<String> roots(Query query) {
        Set<String> roots = new HashSet<>();
        QueryTables.in(query)
                .forEach(table -> roots.addAll(inputs.get(table.name()).roots()));
        return roots;
    }

    private Node node(String name, Query query) {
        SequencedMap<String, String> result = probe.columns(texts.query(query, Texts.NAMES));
        Keys.Key key = keys.of(query);
        SequencedMap<String, String> all = probe.columns(texts.query(query, Texts.NAMES));
        key.slots().forEach(slot -> slot.type(all.get(slot.name())));
        boolean numbered = !key.isUnique() || key.slots().isEmpty();
        SequencedMap<String, String> columns = new LinkedHashMap<>(result);
        key.slots().forEach(slot -> columns.put(slot.name(), slot.type()));
        List<String> names =
                new ArrayList<>(key.slots().stream().map(Slot::name).toList());
        if (numbered) {
            columns.put(Maintenance.number(), "bigint");
            names.add(Maintenance.number());
        }
        String table = schema + "." + Sql.quote(name);
        Maintenance maintenance = new Maintenance(
                table, List.copyOf(result.keySet()), key.slots(), numbered, texts.query(query, this::full));
        List<String> methods = new ArrayList<>();
        List<Node.Trigger> triggers = triggers(name, query, key.slots(), maintenance, methods);
        List<Node.Index> indexes = new Indexes(texts, inputs::get, key.slots()).of(query);
        List<String> identity = numbered ? List.of() : identity(query, key.slots(), result);
        Node node = new Node(table, result, identity, names, columns, maintenance.fill(), triggers, indexes, methods);
        nodes.add(node);
        return node;
    }

    /** The columns of the result that are the slots; empty where they aren't all selected. */
    private List<String> identity(Query query, List<Slot> slots, SequencedMap<String, String> result) {
        Query first = query;
        while (first instanceof SetOperation operation) {
            first = operation.left();
        }
        Select select = (Select) first;
        List<String> expressions = texts.expressions(select, Texts.NAMES);
        List<String> names = List.copyOf(result.keySet());
        List<String> identity = new ArrayList<>();
        for (Slot slot : slots) {
            int at = expressions.indexOf(slot.of(select));
            if (at < 0 || at >= names.size()) {
                return List.of();
            }
            identity.add(names.get(at));
        }
        return identity.stream().distinct().toList();
    }

    private String full(Table table) {
        return inputs.get(table.name()).relation();
    }

    private List<Node.Trigger> triggers(
            String name, Query query, List<Slot> slots, Maintenance maintenance, List<String> methods) {
        List<Node.Trigger> triggers = new ArrayList<>();
        List<Table> tables = QueryTables.in(query);
        Set<String> read = new LinkedHashSet<>();
        tables.forEach(table -> read.add(table.name()));
        for (String input : read) {
            triggers.addAll(triggers(name, query, slots, maintenance, inputs.get(input), tables, methods));
        }
        return triggers;
    }

    private List<Node.Trigger> triggers(
            String name,
            Query query,
            List<Slot> slots,
            Maintenance maintenance,
            Input input,
            List<Table> tables,
            List<String> methods) {
        List<Node.Trigger> triggers = new ArrayList<>();
        boolean isTangled = !input.isAppended()
                && tables.stream().filter(t -> isOneWith(t, input)).count() > 1;
        for (Change change : input.isAppended() ? List.of(Change.INSERT) : List.of(Change.values())) {
            Optional<List<String>> touched =
                    isTangled ? Optional.empty() : touched(query, slots, input, tables, change);
            if (change == Change.INSERT) {
                methods.add(
                        touched.isEmpty()
                                ? "a change of " + input.name() + " computes all of it again"
                                : "a change of " + input.name() + " computes the rows again whose key it touches");
            }
            triggers.add(new Node.Trigger(
                    name + "#" + Integer.toHexString(input.name().hashCode()) + "#"
                            + change.name().charAt(0),
                    input.changed(),
                    change.name(),
                    change.transitions(),
                    maintenance.body(view, touched)));
        }
        return triggers;
    }

    /** Whether both may lose rows by one statement: which of them belonged together can't be told afterwards. */
    private boolean isOneWith(Table table, Input input) {
        Input other = inputs.get(table.name());
        return !other.isAppended() && other.roots().stream().anyMatch(input.roots()::contains);
    }

    private Optional<List<String>> touched(
            Query query, List<Slot> slots, Input input, List<Table> tables, Change change) {
        List<String> all = new ArrayList<>();
        for (Table table : tables) {
            if (table.name().equals(input.name())) {
                Optional<List<String>> touched =
                        new Touched(texts, probe, kinds, slots, table, change.rows(input), this::full).of(query);
                if (touched.isEmpty()) {
                    return Optional.empty();
                }
                all.addAll(touched.get());
            }
        }
        return Optional.of(all);
    }

    /** What a statement does to rows. */
    private enum Change {
        INSERT("NEW TABLE AS _new"),
        UPDATE("OLD TABLE AS _old NEW TABLE AS _new"),
        DELETE("OLD TABLE AS _old");

        private final String transitions;

        Change(String transitions) {
            this.transitions = transitions;
        }

        String transitions() {
            return transitions;
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
