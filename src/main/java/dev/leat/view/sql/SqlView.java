package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.Emitters;
import dev.leat.view.outbox.EventOrigin;
import dev.leat.view.time.ClosableView;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.ViewWriter;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import net.sf.jsqlparser.statement.select.PlainSelect;

/**
 * A view in SQL: its state, what readers see of it, and what applies batches to it. Compiled anew when its streams get new
 * columns.
 */
public final class SqlView implements ViewWriter {

    private static final String SELECT_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
    private static final String SELECT_AGGREGATES =
            "SELECT 1 FROM pg_catalog.pg_proc WHERE prokind = 'a' AND proname = ANY ($1)";

    private final Pipeline pipeline;
    private final View.Sql view;
    private final String schema;
    private final SelectCompiler compiler;
    private final VisibleView visible;
    private final Predicate<Tx> upToDate;
    private final Optional<ClosableView> closable;

    // Between the two steps of making it; whoever does both is the only one who looks at it.
    private volatile Plan compiled;

    // Both written when the view is made, the plan last; read by all lanes. There is no emitter where there is no
    // topic.
    private volatile Emitter emitter;
    private volatile Plan plan;

    /**
     * @param schema of the views that readers see
     * @param upToDate whether readers see it, and it has all that its lanes have applied
     */
    public SqlView(Pipeline pipeline, String schema, View.Sql view, Predicate<Tx> upToDate) {
        this.pipeline = pipeline;
        this.view = view;
        this.schema = schema;
        this.visible = new VisibleView(schema, view.name());
        this.upToDate = upToDate;
        this.compiler = new SelectCompiler(pipeline, schema);
        this.closable = closable(view);
    }

    private Optional<ClosableView> closable(View.Sql view) {
        if (view.streams().size() > 1) {
            return Optional.of(new ClosableJoin(this));
        }
        if (view.isPlain()) {
            return Optional.empty();
        }
        SelectText text = SelectText.parse(view.sql());
        return text.statement() instanceof PlainSelect && WindowCompiler.isWindowed(text)
                ? Optional.of(new ClosableSqlView(this, WindowCompiler.hasSessions(text)))
                : Optional.empty();
    }

    /** Itself as one that closes, if it does; known before it is made. */
    public Optional<ClosableView> closable() {
        return closable;
    }

    @Override
    public boolean sharesRows() {
        Plan made = plan;
        return made != null && made.sharesRows();
    }

    /** What becomes final in it; empty before it is made. */
    Optional<FinalRows> closing() {
        Plan made = plan;
        return made == null ? Optional.empty() : made.closing();
    }

    public View.Sql view() {
        return view;
    }

    /** Whether it may be closed: it is made, readers see it, and it isn't behind. */
    boolean isUpToDateInTransaction(Tx tx) {
        return plan != null && upToDate.test(tx);
    }

    /** Whether anything is kept for it; a view that only writes to a topic, or only reads other views, keeps nothing. */
    public boolean keepsState(Tx tx) {
        if (view.isPlain() || view.toTopic().isEmpty() || view.streams().size() > 1) {
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
     * A view as it stands.
     *
     * @param table what readers ask, qualified and quoted; empty for a view that they can't ask, because it only writes to
     *     a topic
     */
    public record Made(String table, List<String> key, List<Column> columns) {}

    /**
     * Makes the view, or changes it so that it fits its streams and views. Within the transaction of the DDL; {@link
     * #connect} is to follow.
     *
     * @param streams the columns of its streams, by name
     * @param views what readers see of the views that it reads, by name
     * @throws PipelineException when it can't be kept as it is written
     */
    public Made ensureInTransaction(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Plan next = ensureState(tx, streams, views);
        next.visible().ifPresent(select -> {
            ensureSchema(tx, schema);
            visible.show(tx, select);
        });
        compiled = next;
        return made(next);
    }

    /** Whether it can be kept, for columns as those; makes nothing. */
    public void checkInTransaction(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        compile(tx, streams, views);
    }

    /** The same of one that readers don't see yet, and that writes to no topic. {@link #fill} is to follow. */
    public Made ensureHiddenInTransaction(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Plan next = ensureState(tx, streams, views);
        compiled = next;
        return made(next);
    }

    private Made made(Plan next) {
        return new Made(next.visible().isPresent() ? visible.name() : "", next.key(), next.columns());
    }

    private Plan ensureState(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Plan next = compile(tx, streams, views);
        next.state().ifPresent(state -> ensure(tx, state, () -> state.create(tx)));
        next.companions().forEach(companion -> ensure(tx, companion, () -> companion.create(tx)));
        next.sides().forEach(side -> ensure(tx, side.state(), () -> side.createInTransaction(tx)));
        return next;
    }

    private Plan compile(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Map<String, Relation> relations = new LinkedHashMap<>();
        streams.forEach((name, shape) -> relations.put(name, Relation.ofStream(name, shape)));
        views.forEach((name, columns) -> relations.put(name, new Relation(name, false, columns)));
        return compiler.compile(tx, view, relations);
    }

    /**
     * Takes what was made into use. Blocks on the registry where the view writes to a topic; not within a transaction.
     *
     * @throws dev.leat.schema.registry.RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws dev.leat.schema.contract.ContractException when the topic's contract can't hold the view's rows
     */
    public void connect(Emitters emitters) {
        Plan next = compiled;
        next.emission().ifPresent(emission -> {
            emitter = emission.connect(emitters);
            next.emitTo(emitter);
        });
        plan = next;
    }

    /** Takes what was made into use, and writes to no topic. */
    public void fill() {
        plan = compiled;
    }

    private void ensure(Tx tx, SqlStateTable state, Runnable create) {
        ensureSchema(tx, SelectCompiler.stateSchema(schema));
        if (state.stands(tx)) {
            state.grow(tx);
        } else {
            create.run();
        }
    }

    /** Only where it isn't there: Postgres would warn at each start that it is. */
    private static void ensureSchema(Tx tx, String name) {
        if (tx.execute(SELECT_SCHEMA, Tuple.of(name)).rowCount() == 0) {
            tx.execute("CREATE SCHEMA " + Sql.quote(name));
        }
    }

    @Override
    public Explanation explain(Map<String, Shape> streams) {
        Plan current = plan();
        List<String> statements = streams.entrySet().stream()
                .flatMap(s -> current.statements(new Rows(pipeline.stream(s.getKey()), s.getValue(), 0)).stream())
                .distinct()
                .toList();
        List<String> state = new ArrayList<>(current.memory());
        current.emission()
                .ifPresent(e -> state.add("leat.outbox keeps each event for topic "
                        + view.toTopic().orElseThrow().topic() + " until it is sent"));
        return new Explanation(current.kept(), current.key(), current.rules(), statements, state);
    }

    /** Nothing can change those windows any more that end behind one moment, and at another one or before. */
    void closeInTransaction(Tx tx, Instant from, Instant through) {
        Plan current = plan();
        current.closing().ifPresent(closing -> {
            current.emission().ifPresent(emission -> emitFinal(tx, emission, closing, from, through));
            closing.merged().forEach(sql -> tx.execute(sql, moments(from, through)));
            closing.over().forEach(sql -> tx.execute(sql, moments(through)));
        });
    }

    private void emitFinal(Tx tx, EmittedRows emission, FinalRows closing, Instant from, Instant through) {
        EventOrigin source = EventOrigin.closing(through.atOffset(ZoneOffset.UTC));
        List<Emitter.Emitted> rows = new ArrayList<>();
        String select = "SELECT " + emission.selected() + " FROM (" + closing.rows() + ") AS _final";
        for (Row row : tx.execute(select, moments(from, through))) {
            rows.add(new Emitter.Emitted(row, source, false));
        }
        if (!rows.isEmpty()) {
            emitter.emitInTransaction(tx, rows);
        }
    }

    /** One step of closing a join: whether there may be more to do. */
    public boolean closeSomeInTransaction(Tx tx, Instant through) {
        return plan() instanceof JoinPlan join && join.closeSomeInTransaction(tx, through);
    }

    /** Closes a join as far as that. */
    void closeJoinInTransaction(Tx tx, Instant through) {
        while (closeSomeInTransaction(tx, through)) {
            // A statement of bounded length each.
        }
    }

    private static Tuple moments(Instant... moments) {
        Tuple tuple = Tuple.tuple();
        for (Instant moment : moments) {
            tuple.addValue(moment.atOffset(ZoneOffset.UTC));
        }
        return tuple;
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        plan().applyInTransaction(tx, rows, selected);
    }

    private Plan plan() {
        Plan current = plan;
        if (current == null) {
            throw new IllegalStateException("view " + view.name()
                    + " waits until all its streams are declared here and have a contract: "
                    + String.join(", ", view.streams()));
        }
        return current;
    }
}
