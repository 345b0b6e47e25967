package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.View;
import dev.leat.schema.Column;
import dev.leat.schema.Rows;
import dev.leat.schema.Shape;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.Emitters;
import dev.leat.view.outbox.Source;
import dev.leat.view.statement.Sql;
import dev.leat.view.statement.Tx;
import dev.leat.view.time.ClosableView;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.ViewWriter;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.sf.jsqlparser.statement.select.PlainSelect;

/**
 * A view in SQL: its state, what readers see of it, and what applies batches to it. Compiled anew when its streams get new
 * columns.
 */
public final class SqlView implements ViewWriter {

    private static final String SELECT_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
    private static final String SELECT_COMMENT = "SELECT obj_description(to_regclass($1)) AS made_of";

    private final Pipeline pipeline;
    private final View.Sql view;
    private final String schema;
    private final SelectCompiler compiler;
    private final Optional<ClosableView> closable;

    // Between the two steps of making it; whoever does both is the only one who looks at it.
    private volatile Plan compiled;

    // Both written when the view is made, the plan last; read by all lanes. There is no emitter where there is no
    // topic.
    private volatile Emitter emitter;
    private volatile Plan plan;

    /** @param schema of the views that readers see */
    public SqlView(Pipeline pipeline, String schema, View.Sql view) {
        this.pipeline = pipeline;
        this.view = view;
        this.schema = schema;
        this.compiler = new SelectCompiler(pipeline, schema);
        this.closable = closable(view);
    }

    private Optional<ClosableView> closable(View.Sql view) {
        if (view.streams().size() > 1) {
            return Optional.of(new ClosableJoin(this, () -> plan));
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

    /** What becomes final in it; empty before it is made. */
    Optional<Closing> closing() {
        Plan made = plan;
        return made == null ? Optional.empty() : made.closing();
    }

    public View.Sql view() {
        return view;
    }

    /**
     * A view as it stands.
     *
     * @param table what readers ask, qualified and quoted
     */
    public record Made(String table, List<String> key, List<Column> columns) {}

    /**
     * Makes the view, or changes it so that it fits its streams and views. Within the transaction of the DDL; {@link
     * #connect} is to follow.
     *
     * @param streams the columns of its streams, by name
     * @param views what readers see of the views that it reads, by name
     * @return empty for a view that readers can't ask, because it only writes to a topic
     * @throws PipelineException when it can't be kept as it is written
     */
    public Optional<Made> ensureInTransaction(Tx tx, Map<String, Shape> streams, Map<String, List<Column>> views) {
        Map<String, Relation> relations = new LinkedHashMap<>();
        streams.forEach((name, shape) -> relations.put(name, Relation.ofStream(name, shape)));
        views.forEach((name, columns) -> relations.put(name, new Relation(name, false, columns)));
        Plan next = compiler.compile(tx, view, relations);
        next.state().ifPresent(state -> ensure(tx, state, () -> state.create(tx)));
        next.companions().forEach(companion -> ensure(tx, companion, () -> companion.create(tx)));
        next.sides().forEach(side -> ensure(tx, side.state(), () -> side.createInTransaction(tx)));
        next.visible().ifPresent(select -> show(tx, select));
        compiled = next;
        return next.visible().map(select -> new Made(table(), next.key(), next.columns()));
    }

    /**
     * Takes what was made into use. Blocks on the registry where the view writes to a topic; not within a transaction.
     *
     * @throws dev.leat.schema.RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws dev.leat.schema.ContractException when the topic's contract can't hold the view's rows
     */
    public void connect(Emitters emitters) {
        Plan next = compiled;
        next.emission().ifPresent(emission -> {
            emitter = emission.connect(emitters);
            next.emitTo(emitter);
        });
        plan = next;
    }

    private void ensure(Tx tx, StateTable state, Runnable create) {
        ensureSchema(tx, SelectCompiler.stateSchema(schema));
        if (state.stands(tx)) {
            requireSame(tx, state);
            state.grow(tx);
        } else {
            create.run();
            tx.execute("COMMENT ON TABLE " + state.name() + " IS '" + definition() + "'");
        }
    }

    /** Results of two definitions don't mix. */
    private void requireSame(Tx tx, StateTable state) {
        String there = tx.execute(SELECT_COMMENT, Tuple.of(state.name()))
                .iterator()
                .next()
                .getString("made_of");
        if (!definition().equals(there)) {
            throw view.sql()
                    .complaint(
                            "the view stands in Postgres with what another SELECT, `key:`, `append:` or `bound:` has made of"
                                    + " the events so far; give it another name, or drop view " + table() + ", table "
                                    + state.name()
                                    + " and its row in leat.view, to begin with the events from now on");
        }
    }

    /** Of what its state depends on; however the SELECT is laid out. */
    private String definition() {
        SelectText text = SelectText.parse(view.sql());
        String all = String.join(
                "|", text.normal(text.whole()), view.key().toString(), view.append() + "", view.bound() + "");
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The comment says what the view was made of: Postgres itself doesn't keep the text. */
    private void show(Tx tx, String select) {
        String madeOf =
                UUID.nameUUIDFromBytes(select.getBytes(StandardCharsets.UTF_8)).toString();
        RowIterator<Row> there = tx.execute(SELECT_COMMENT, Tuple.of(table())).iterator();
        if (madeOf.equals(there.next().getString("made_of"))) {
            return;
        }
        ensureSchema(tx, schema);
        tx.execute("SET LOCAL search_path TO " + Sql.quote(schema) + ", leat, public");
        tx.execute("DROP VIEW IF EXISTS " + table() + " CASCADE");
        tx.execute("CREATE VIEW " + table() + " AS " + select);
        tx.execute("COMMENT ON VIEW " + table() + " IS '" + madeOf + "'");
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

    private void emitFinal(Tx tx, Emission emission, Closing closing, Instant from, Instant through) {
        Source source = Source.closing(through.atOffset(ZoneOffset.UTC));
        List<Emitter.Emitted> rows = new ArrayList<>();
        String select = "SELECT " + emission.selected() + " FROM (" + closing.rows() + ") AS _final";
        for (Row row : tx.execute(select, moments(from, through))) {
            rows.add(new Emitter.Emitted(row, source, false));
        }
        if (!rows.isEmpty()) {
            emitter.emitInTransaction(tx, rows);
        }
    }

    private static Tuple moments(Instant... moments) {
        Tuple tuple = Tuple.tuple();
        for (Instant moment : moments) {
            tuple.addValue(moment.atOffset(ZoneOffset.UTC));
        }
        return tuple;
    }

    private String table() {
        return Sql.quote(schema) + "." + Sql.quote(view.name());
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        plan().applyInTransaction(tx, rows, selected);
    }

    private Plan plan() {
        Plan current = plan;
        if (current == null) {
            throw new IllegalStateException("view " + view.name() + " waits until all its streams have a contract: "
                    + String.join(", ", view.streams()));
        }
        return current;
    }
}
