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
import dev.leat.view.sql.delta.text.Input;
import dev.leat.view.sql.delta.text.Kinds;
import dev.leat.view.sql.delta.text.Probe;
import dev.leat.view.sql.delta.text.Slot;
import dev.leat.view.sql.delta.text.Stages;
import dev.leat.view.sql.delta.text.Stars;
import dev.leat.view.sql.delta.text.Texts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

    private final String schema;
    private final String view;
    private final Probe probe;
    private final Query query;
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
        this.schema = schema;
        this.view = view;
        this.probe = probe;
        this.kinds = new Kinds(probe);
        inputs.forEach(input -> this.inputs.put(input.name(), input));
        String text = staged(sql);
        this.texts = new Texts(text);
        this.query = starless(texts, QueryParser.parse(text));
        this.keys = new Keys(texts, probe, kinds, this.inputs::get);
    }

    private String staged(SqlText sql) {
        Query given = parse(sql);
        requireNoOrder(sql, given);
        Texts asGiven = new Texts(sql.text());
        return new Stages(asGiven, probe, kinds, inputs::get)
                .of(starless(asGiven, given))
                .orElse(sql.text());
    }

    private Query starless(Texts of, Query with) {
        new Stars(of, probe, inputs::get).expand(with);
        return with;
    }

    /** The tables, each after those that it reads; the last one is the view's. */
    public List<Node> compile() {
        node(view, withTables(query, true));
        return List.copyOf(nodes);
    }

    private static void requireNoOrder(SqlText sql, Query query) {
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

    private static Query parse(SqlText sql) {
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
                next = element.of(
                        Stages.isKept(element) ? kept(sub) : withTables(sub, isTop && kinds.isFilter(select)));
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
        return kept(sub);
    }

    private Table kept(Query.SubQuery sub) {
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
        InputTriggers.Made made =
                new InputTriggers(texts, probe, kinds, inputs::get, view).of(name, query, key.slots(), maintenance);
        List<Node.Index> indexes = new Indexes(texts, probe, inputs::get, key.slots()).of(query);
        List<String> identity = numbered ? List.of() : identity(query, key.slots(), result);
        Node node = new Node(
                table, result, identity, names, columns, maintenance.fill(), made.triggers(), indexes, made.methods());
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
}
