package dev.leat.view.sql;

import dev.leat.pipeline.Names;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.table.PgTypes;
import dev.leat.view.sql.RecomputePlan.KeptEvents;
import dev.leat.view.sql.delta.DeltaCompiler;
import dev.leat.view.sql.delta.Node;
import dev.leat.view.sql.delta.text.Input;
import dev.leat.view.sql.delta.text.Probe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/** From a SELECT that can't be merged to one whose touched rows are computed again. */
final class RecomputeCompiler {

    private final Pipeline pipeline;
    private final String schema;
    private final String states;

    /**
     * @param schema of the views that readers see
     * @param states of the tables behind them
     */
    RecomputeCompiler(Pipeline pipeline, String schema, String states) {
        this.pipeline = pipeline;
        this.schema = schema;
        this.states = states;
    }

    /**
     * @throws PipelineException when it can't be kept
     */
    Plan compile(View.Sql view, Map<String, Relation> relations, DryRun dryRun) {
        requireNoOptions(view);
        Map<String, KeptEvents> events = new LinkedHashMap<>();
        List<Input> inputs = new ArrayList<>();
        relations.forEach((name, relation) -> {
            if (relation.isStream()) {
                KeptEvents kept =
                        KeptEvents.of(state(view.name() + "#" + name), new BatchRelation(name, relation.starred()));
                events.put(name, kept);
                inputs.add(ofStream(relation, kept));
            } else {
                inputs.add(ofView(view, relation, dryRun));
            }
        });
        List<Node> nodes =
                new DeltaCompiler(view.sql(), Sql.quote(states), view.name(), new Dry(dryRun), inputs).compile();
        Node last = nodes.getLast();
        List<Column> columns = columns(view, last);
        List<String> key = view.key().isEmpty() ? last.identity() : requireColumns(view, last);
        if (key.isEmpty()) {
            columns.add(RecomputePlan.ROW_ID);
            key = List.of(RecomputePlan.ROW_ID.name());
        }
        return new RecomputePlan(columns, key, nodes, events);
    }

    private static void requireNoOptions(View.Sql view) {
        if (view.toTopic().isPresent()) {
            throw view.sql()
                    .complaint(
                            "a SELECT that is computed again where events touch it can't be written to a topic; write"
                                    + " events to the topic, and declare this over the topic's stream");
        }
        if (view.longestWait().isPresent()) {
            throw view.sql()
                    .complaint(
                            "`wait:` is for a join that looks a view up once; this one follows the views that it reads");
        }
        if (!view.grace().isZero()) {
            throw view.sql()
                    .complaint(
                            "`grace:` says how long late events count, and here all do, whenever they come; leave it out");
        }
        if (view.append() || view.retain().isPresent() || view.rememberDeletes().isPresent()) {
            throw view.sql()
                    .complaint(
                            "`append:`, `retain:` and `remember-deletes:` have no meaning for a SELECT that is computed"
                                    + " again where events touch it; leave them out");
        }
    }

    private static List<String> requireColumns(View.Sql view, Node node) {
        for (String column : view.key()) {
            if (!node.result().containsKey(column)) {
                throw view.sql()
                        .complaint("`key:` names `" + column + "`, but the result has "
                                + String.join(", ", node.result().keySet()));
            }
        }
        if (!view.key().equals(node.identity())) {
            throw view.sql()
                    .complaint("`key:` doesn't tell the rows of the result apart"
                            + (node.identity().isEmpty()
                                    ? "; leave it out: rows are told apart by `_id`"
                                    : "; that does " + String.join(", ", node.identity())));
        }
        return view.key();
    }

    private static List<Column> columns(View.Sql view, Node node) {
        List<Column> columns = new ArrayList<>();
        node.result().forEach((name, type) -> {
            if (name.equals("?column?")) {
                throw view.sql().complaint("a column has no name; give it one with AS");
            }
            Names.problemOfResult(name).ifPresent(problem -> {
                throw view.sql().complaint("column `" + name + "` " + problem + "; call it otherwise");
            });
            columns.add(new Column(
                    name,
                    PgTypes.of(type).orElseThrow(() -> view.sql()
                            .complaint("column `" + name + "` is of type " + type
                                    + ", which readers don't know; cast it, for instance to text")),
                    false,
                    ""));
        });
        return columns;
    }

    private String state(String table) {
        return Sql.quote(states) + "." + Sql.quote(table);
    }

    private static Input ofStream(Relation relation, KeptEvents kept) {
        return new Input(
                relation.name(),
                kept.table().name(),
                kept.table().name(),
                Optional.empty(),
                true,
                relation.starred().stream().map(Column::name).toList(),
                kept.table().key(),
                Set.of(kept.table().name()),
                true);
    }

    private Input ofView(View.Sql view, Relation relation, DryRun dryRun) {
        View read = pipeline.views().get(relation.name());
        String name = Sql.quote(schema) + "." + Sql.quote(relation.name());
        if (read instanceof View.Sql sql && sql.isPlain() && !sql.materialized()) {
            throw view.sql()
                    .complaint("view `" + relation.name()
                            + "` is computed when it is read, so nobody knows when it changes; write `materialized: true`"
                            + " there");
        }
        Optional<String> visible = dryRun.definition(name).map(definition -> definition
                .replaceFirst("\\bFROM\\s+\\S+", "FROM " + java.util.regex.Matcher.quoteReplacement(Input.ROWS))
                .replace(";", ""));
        String changed = read instanceof View.Sql ? state(relation.name()) : name;
        return new Input(
                relation.name(),
                name,
                changed,
                visible,
                read instanceof View.Log,
                relation.starred().stream().map(Column::name).toList(),
                key(relation, dryRun),
                roots(read, changed),
                false);
    }

    private static List<String> key(Relation relation, DryRun dryRun) {
        List<String> key = dryRun.key(relation.name());
        return key.isEmpty() ? relation.starred().stream().map(Column::name).toList() : key;
    }

    /** A materialized view changes in the same statement as what it reads. */
    private Set<String> roots(View read, String changed) {
        Set<String> roots = new TreeSet<>(Set.of(changed));
        if (read instanceof View.Sql sql && sql.materialized()) {
            sql.views().forEach(name -> {
                View other = pipeline.views().get(name);
                roots.addAll(roots(
                        other, other instanceof View.Sql ? state(name) : Sql.quote(schema) + "." + Sql.quote(name)));
            });
        }
        return roots;
    }

    /** What Postgres knows, by a dry run. */
    private record Dry(DryRun dryRun) implements Probe {

        @Override
        public SequencedMap<String, String> columns(String select) {
            return new LinkedHashMap<>(dryRun.columns(select));
        }

        @Override
        public Optional<SequencedMap<String, String>> columnsIfAny(String select) {
            return dryRun.columnsIfAny(select).map(LinkedHashMap::new);
        }

        @Override
        public Set<String> aggregates(Collection<String> names) {
            Set<String> aggregates = new TreeSet<>();
            dryRun.functions(names).forEach((name, traits) -> {
                if (traits.aggregates()) {
                    aggregates.add(name);
                }
            });
            return aggregates;
        }

        @Override
        public void add(String name, Map<String, String> columns) {
            dryRun.add(name, columns);
        }
    }
}
