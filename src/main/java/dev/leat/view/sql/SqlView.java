package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.Emitters;
import dev.leat.view.time.ClosableView;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.ViewWriter;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.sf.jsqlparser.statement.select.PlainSelect;

/**
 * A view in SQL: its state, what readers see of it, and what applies batches to it. It is compiled again when its streams get
 * new columns.
 */
public final class SqlView implements ViewWriter {

    private static final String SELECT_AGGREGATES =
            "SELECT 1 FROM pg_catalog.pg_proc WHERE prokind = 'a' AND proname = ANY ($1)";

    private final Pipeline pipeline;
    private final View.Sql view;
    private final SelectCompiler compiler;
    private final VisibleView visible;
    private final PlannedTables tables;
    private final ActivePlan active;
    private final Optional<ClosableView> closable;

    // Between creating the view and connecting it. One thread does both, and nobody else looks at it.
    private volatile Plan compiled;
    private volatile boolean isRefused;
    private volatile String refusal;

    /**
     * @param schema of the views that readers see
     * @param upToDate whether readers see it, and it has all that its lanes have applied
     */
    public SqlView(Pipeline pipeline, String schema, View.Sql view, Predicate<Tx> upToDate) {
        this.pipeline = pipeline;
        this.view = view;
        this.visible = new VisibleView(schema, view.name());
        this.tables = new PlannedTables(schema, view, visible);
        this.active = new ActivePlan(view, upToDate);
        this.compiler = new SelectCompiler(pipeline, schema);
        this.closable = closable(view);
    }

    private Optional<ClosableView> closable(View.Sql view) {
        if (Recomputed.is(view)) {
            return Optional.empty();
        }
        if (view.longestWait().isPresent()) {
            return Optional.of(RightSide.of(pipeline, view));
        }
        if (view.streams().size() > 1) {
            return Optional.of(ClosableSqlView.join(active));
        }
        if (view.isPlain()) {
            return Optional.empty();
        }
        SelectText text = SelectText.parse(view.sql());
        return text.statement() instanceof PlainSelect && WindowCompiler.isWindowed(text)
                ? Optional.of(ClosableSqlView.windows(active, WindowCompiler.hasSessions(text)))
                : Optional.empty();
    }

    /** The view as one that closes, if it does. Its text alone tells. */
    public Optional<ClosableView> closable() {
        return closable;
    }

    @Override
    public boolean sharesRows() {
        return active.ifActive().map(Plan::sharesRows).orElse(false);
    }

    /** What becomes final in it; empty before it is connected. */
    Optional<FinalRows> finalRows() {
        return active.ifActive().flatMap(Plan::finalRows);
    }

    public View.Sql view() {
        return view;
    }

    /** Whether anything is kept for it; a view that only writes to a topic, or only reads other views, keeps nothing. */
    public boolean keepsState(Tx tx) {
        if (view.isPlain() || view.toTopic().isEmpty() || view.streams().size() > 1 || Recomputed.is(view)) {
            return !view.isPlain();
        }
        SelectText text = SelectText.parse(view.sql());
        String[] calls = text.items().stream()
                .flatMap(item -> ExpressionParts.of(text, item.tree().getExpression()).calls().stream())
                .map(Call::name)
                .toArray(String[]::new);
        return !text.groups().isEmpty()
                || tx.execute(SELECT_AGGREGATES, Tuple.of(calls)).rowCount() > 0;
    }

    /**
     * What readers find.
     *
     * @param table what they ask, qualified and quoted; empty for a view that only writes to a topic
     */
    public record Layout(String table, List<String> key, List<Column> columns) {}

    /**
     * Creates the view, or changes it so that it fits its streams and views. Within the transaction of the DDL. {@link
     * #connect} must follow.
     *
     * @param streams the columns of its streams, by name
     * @param views what readers see of the views that it reads, by name
     * @throws PipelineException when it can't be kept as it is written
     */
    public Layout ensureInTransaction(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Plan next = compile(compiler, tx, streams, views);
        tables.ensureShown(tx, next);
        compiled = next;
        return layout(next);
    }

    /** Whether changes of the views that it reads change it. */
    public boolean followsViews() {
        return !view.views().isEmpty() && Recomputed.is(view);
    }

    /**
     * Whether it can be kept, for these columns. Creates nothing, and needs nothing that it reads.
     *
     * @return what readers would see of it
     * @throws PipelineException when it can't
     */
    public Layout checkInTransaction(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        return layout(compile(SelectCompiler.overStandIns(pipeline), tx, streams, views));
    }

    /** As {@link #ensureInTransaction}, but readers don't see it yet. {@link #connectWithoutTopic} must follow. */
    public Layout ensureHiddenInTransaction(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Plan next = compile(compiler, tx, streams, views);
        tables.ensureState(tx, next);
        compiled = next;
        return layout(next);
    }

    private Layout layout(Plan next) {
        return new Layout(next.visible().isPresent() ? visible.name() : "", next.key(), next.columns());
    }

    private Plan compile(SelectCompiler compiler, Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Map<String, Relation> relations = new LinkedHashMap<>();
        streams.forEach((name, shape) -> relations.put(name, Relation.ofStream(name, shape)));
        views.forEach((name, columns) -> relations.put(name, new Relation(name, false, columns)));
        return compiler.compile(tx, view, relations);
    }

    /**
     * Takes what was compiled into use. Blocks on the registry where the view writes to a topic; not within a transaction.
     *
     * @throws dev.leat.schema.registry.RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws dev.leat.schema.contract.ContractException when the topic's contract can't hold the view's rows
     */
    public void connect(Emitters emitters) {
        Plan next = compiled;
        Emitter emitter = next.emission().map(rows -> rows.connect(emitters)).orElse(null);
        if (emitter != null) {
            next.emitTo(emitter);
        }
        active.activate(next, emitter);
    }

    /** It can't be created: as long as it isn't, it takes no events, and is derived from history once it is accepted. */
    public void refuse() {
        isRefused = true;
    }

    /** It exists by now, or can be created as any other. */
    public void accept() {
        isRefused = false;
    }

    public boolean isRefused() {
        return isRefused;
    }

    /** It exists and can't be what it is to be; without any plan it takes no rows. */
    public void rest(String why) {
        refusal = why;
    }

    /** Takes what was compiled into use, and writes to no topic. */
    public void connectWithoutTopic() {
        active.activate(compiled);
    }

    @Override
    public Explanation explain(Map<String, Shape> streams) {
        Plan current = active.plan();
        List<String> statements = streams.entrySet().stream()
                .flatMap(s -> current.statements(new Rows(pipeline.stream(s.getKey()), s.getValue(), 0)).stream())
                .distinct()
                .toList();
        List<String> state = new ArrayList<>(current.retainedState());
        current.state()
                .ifPresent(table -> current.guards().values().forEach(guard -> state.add(guard.explained(table))));
        view.longestWait()
                .ifPresent(wait -> state.add(RightSide.of(pipeline, view).explained()));
        current.emission()
                .ifPresent(e -> state.add("leat.outbox keeps each event for topic "
                        + view.toTopic().orElseThrow().topic() + " until it is sent"));
        return new Explanation(current.kept(), current.key(), current.rules(), statements, state);
    }

    /** Counts the groups of which something can't be computed; empty where nothing is computed of a group. */
    public Optional<String> countUncomputed() {
        return active.ifActive().filter(plan -> !plan.guards().isEmpty()).flatMap(plan -> plan.state()
                .map(state -> "SELECT count(*) FROM " + state.name() + " WHERE "
                        + plan.guards().values().stream()
                                .map(guard -> guard.problem() + " IS NOT NULL")
                                .collect(Collectors.joining(" OR "))));
    }

    /** One step of closing a join: whether there is more to do. */
    public boolean closeSomeInTransaction(Tx tx, Instant through) {
        return active.closeSomeInTransaction(tx, through);
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        if (refusal != null && active.ifActive().isEmpty()) {
            throw new ContractException(refusal);
        }
        active.plan().applyInTransaction(tx, rows, selected);
    }
}
