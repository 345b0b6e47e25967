package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Column;
import dev.leat.schema.ColumnType;
import dev.leat.schema.ContractException;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.Shape;
import dev.leat.view.fold.Folds;
import dev.leat.view.sql.SqlView;
import dev.leat.view.standing.Definitions;
import dev.leat.view.standing.LaneViews;
import dev.leat.view.standing.Standing;
import dev.leat.view.statement.Ddl;
import dev.leat.view.statement.PgArrays;
import dev.leat.view.statement.Sql;
import dev.leat.view.statement.Transacting;
import dev.leat.view.statement.Tx;
import dev.leat.view.statement.ViewConfig;
import dev.leat.view.writer.Deletes;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.HistoryColumns;
import dev.leat.view.writer.HistoryWriter;
import dev.leat.view.writer.LatestWriter;
import dev.leat.view.writer.LogWriter;
import dev.leat.view.writer.SoftDeletes;
import dev.leat.view.writer.TableWriter;
import dev.leat.view.writer.Tombstones;
import dev.leat.view.writer.ViewWriter;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Makes the views' tables and gives them new columns. Safe with several instances: one at a time holds an advisory lock
 * and begins with what the catalogue says. Widens a column when a contract's type was promoted; never drops, narrows or
 * renames one. Blocks.
 */
@ApplicationScoped
public class ViewTables implements KnownColumns {

    private static final Logger LOG = Logger.getLogger(ViewTables.class);

    private static final String SELECT_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
    static final String SELECT_VIEW = "SELECT kind, streams, key, columns, definition FROM leat.view WHERE name = $1";
    private static final String SELECT_STANDING = """
            SELECT name FROM leat.view
            WHERE streams = ARRAY[$1] AND kind NOT IN ('sql', 'fold') AND definition IS NOT NULL AND left_at IS NULL ORDER BY name""";
    private static final String ADOPT =
            "UPDATE leat.view SET definition = $2, definition_hash = $3 WHERE name = $1 AND definition IS NULL";
    private static final String SELECT_COLUMNS = """
            SELECT kind, columns FROM leat.view
            WHERE streams = ARRAY[$1] AND kind NOT IN ('sql', 'fold') AND (name = ANY($2) OR becomes = ANY($2)) ORDER BY name""";
    static final String SAVE_VIEW = """
            INSERT INTO leat.view (name, kind, streams, table_name, key, columns, version)
            VALUES ($1, $2, $3, $4, $5, $6, nextval('leat.view_version'))
            ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, version = excluded.version, updated_at = now()
            """;

    private final Pool pool;
    private final Pipeline pipeline;
    private final ViewConfig config;
    private final ViewCatalog catalog;
    private final Transacting transactions;
    private final SqlViews sqlViews;
    private final Folds folds;

    // The shape that a stream's tables are known to have. Lanes race here only to do the same thing twice.
    private final Map<String, Shape> ensured = new ConcurrentHashMap<>();

    ViewTables(
            Pool pool,
            Pipeline pipeline,
            ViewConfig config,
            ViewCatalog catalog,
            Transacting transactions,
            SqlViews sqlViews,
            Folds folds) {
        this.pool = pool;
        this.pipeline = pipeline;
        this.config = config;
        this.catalog = catalog;
        this.transactions = transactions;
        this.sqlViews = sqlViews;
        this.folds = folds;
    }

    ViewWriter writer(View view) {
        return switch (view) {
            case View.OfStream ofStream -> writer(ofStream);
            case View.Sql sql -> sqlViews.of(sql);
            case View.Fold fold -> folds.writer(fold, pipeline, table(fold));
        };
    }

    TableWriter writer(View.OfStream view) {
        return switch (view) {
            case View.Latest latest ->
                new LatestWriter(pipeline.stream(latest.stream()), table(latest), deletes(latest));
            case View.Log log -> new LogWriter(table(log));
            case View.History history ->
                new HistoryWriter(
                        pipeline.stream(history.stream()), history, table(history), HistoryWriter.eventsOf(history));
        };
    }

    private Deletes deletes(View.Latest view) {
        Stream stream = pipeline.stream(view.stream());
        return view.softDelete()
                ? new SoftDeletes(stream, table(view))
                : new Tombstones(stream, view, table(view), InstantSource.system());
    }

    /**
     * How a view is kept.
     *
     * @param shapes what its streams look like, by name
     */
    public Explanation explain(View view, Map<String, Shape> shapes) {
        return writer(view).explain(shapes);
    }

    /** A view that has left the pipeline keeps its table, and binds nobody. */
    @Override
    public List<Column> of(String stream) {
        Map<String, Column> known = new LinkedHashMap<>();
        pool.withConnection(c -> c.preparedQuery(SELECT_COLUMNS).execute(Tuple.of(stream, names(stream))))
                .await()
                .atMost(config.timeout())
                .forEach(row -> CatalogColumns.read(row.getJsonArray("columns")).stream()
                        .filter(column -> !isOwn(row.getString("kind"), column))
                        .forEach(column -> known.merge(column.name(), column, ViewTables::wider)));
        return List.copyOf(known.values());
    }

    private String[] names(String stream) {
        return pipeline.viewsOf(pipeline.stream(stream)).stream()
                .map(View::name)
                .toArray(String[]::new);
    }

    private static boolean isOwn(String kind, Column column) {
        return column.isOwn() || kind.equals("history") && HistoryColumns.isOwn(column);
    }

    /** Views of one stream differ only where a crash came between them. */
    private static Column wider(Column one, Column other) {
        return new Column(
                one.name(),
                one.type().widenedFor(other.type()).orElse(one.type()),
                one.required() || other.required(),
                one.doc());
    }

    /**
     * Makes sure that every view of the stream has a table with these columns: those that are declared, and those that
     * stand there, by whatever definition.
     *
     * @throws ContractException when a view stands there with other types
     */
    public void ensure(Stream stream, Shape shape) {
        if (ensured.get(stream.name()) == shape) {
            return;
        }
        for (View declared : pipeline.viewsOf(stream)) {
            if (declared instanceof View.OfStream view) {
                transactions.run(tx -> {
                    ensureInTransaction(tx, stream, view, shape);
                    return null;
                });
            } else if (declared instanceof View.Fold fold) {
                folds.require(fold, pipeline, stream, shape);
                ensureFold(fold);
            }
        }
        for (String view : standing(stream)) {
            try {
                transactions.run(tx -> {
                    growInTransaction(tx, stream, view, shape);
                    return null;
                });
            } catch (ContractException unfit) {
                if (pipeline.views().containsKey(view)) {
                    throw unfit;
                }
                // Another instance's, whose view of the stream is another.
                LOG.warnf("not grown view=%s error=%s", view, unfit.getMessage());
            }
        }
        ensured.put(stream.name(), shape);
        sqlViews.ensure(ensured);
        catalog.refresh().await().atMost(config.timeout());
    }

    /** What a lane is to apply its batches to; some of it may have been begun only now. */
    void require(LaneViews lane) {
        lane.live().forEach(this::require);
    }

    void require(View view) {
        if (view instanceof View.Sql sql) {
            sqlViews.require(sql);
        }
    }

    /** Within the transaction of a batch, once it is known that these are the lane's. */
    void serve(String topic, LaneViews lane, List<SqlView> all) {
        sqlViews.serve(topic, lane, all);
    }

    /** Takes into use what has been put in its place. */
    void refresh() {
        sqlViews.ensure(Map.of());
    }

    /** Whether nothing is left to be done for tables of these columns. */
    boolean areEnsured(Stream stream, Shape shape) {
        return ensured.get(stream.name()) == shape;
    }

    /** Another instance may have begun to make a view. */
    void lookAgain(Stream stream) {
        ensured.remove(stream.name());
    }

    private List<String> standing(Stream stream) {
        return transactions.run(tx -> {
            List<String> standing = new ArrayList<>();
            tx.execute(SELECT_STANDING, Tuple.of(stream.name())).forEach(row -> standing.add(row.getString(0)));
            return standing;
        });
    }

    /** What the view is made by is read behind the lock: a rebuild may have put another in its place just now. */
    private void growInTransaction(Tx tx, Stream stream, String name, Shape shape) {
        tx.execute(Ddl.LOCK);
        for (Row there : tx.execute(SELECT_VIEW, Tuple.of(name))) {
            if (Definitions.read(name, there.getJsonObject("definition")) instanceof View.OfStream view) {
                writer(view).ensureCompanions(tx, shape);
                grow(tx, stream, view, CatalogColumns.read(there.getJsonArray("columns")), shape);
            }
        }
    }

    /**
     * Looks at what must be there before any event is: the folds.
     *
     * @throws ContractException when one isn't, or isn't fit for its view
     */
    public void requireFolds() {
        pipeline.views().values().forEach(view -> {
            if (view instanceof View.Fold fold) {
                folds.table(fold, pipeline);
            }
        });
    }

    private void ensureFold(View.Fold fold) {
        Folds.Table wanted = folds.table(fold, pipeline);
        transactions.run(tx -> {
            tx.execute(Ddl.LOCK);
            ensureSchema(tx);
            if (Standing.find(tx, fold.name()).isPresent() || !Standing.isRebuilt(tx, fold.name())) {
                FoldTables.ensureInTransaction(tx, folds.versioned(fold), wanted, table(fold), hash(fold));
            }
            return null;
        });
    }

    /** Only where it isn't there: Postgres would warn at each start that it is. */
    private void ensureSchema(Tx tx) {
        if (tx.execute(SELECT_SCHEMA, Tuple.of(config.schema())).rowCount() == 0) {
            tx.execute("CREATE SCHEMA " + Sql.quote(config.schema()));
        }
    }

    private void ensureInTransaction(Tx tx, Stream stream, View.OfStream view, Shape shape) {
        tx.execute(Ddl.LOCK);
        ensureSchema(tx);
        TableWriter writer = writer(view);
        writer.requireFit(shape);
        RowIterator<Row> there = tx.execute(SELECT_VIEW, Tuple.of(view.name())).iterator();
        if (!there.hasNext()) {
            if (!Standing.isRebuilt(tx, view.name())) {
                create(tx, stream, view, shape);
            }
            return;
        }
        Row row = there.next();
        if (row.getJsonObject("definition") == null) {
            adopt(tx, stream, view, row);
        }
    }

    /** Takes a view that was made before anybody kept definitions for the declared one, if it looks like it. */
    private void adopt(Tx tx, Stream stream, View.OfStream view, Row row) {
        TableWriter writer = writer(view);
        requireSame(view, "kind", row.getString("kind"), view.kind());
        requireSame(view, "stream", String.join(", ", row.getArrayOfStrings("streams")), stream.name());
        requireSame(view, "key", Arrays.asList(row.getArrayOfStrings("key")), writer.key());
        List<Column> columns = CatalogColumns.read(row.getJsonArray("columns"));
        requireSameDeletes(view, columns);
        tx.execute(ADOPT, Tuple.of(view.name(), Definitions.write(view), hash(view)));
    }

    /** Makes a view's table and its entry in the catalogue. Both mustn't be there. */
    void create(Tx tx, Stream stream, View.OfStream view, Shape shape) {
        TableWriter writer = writer(view);
        List<String> columns = new ArrayList<>();
        for (Column column : shape.columns()) {
            columns.add(Ddl.definition(column) + (stream.key().contains(column.name()) ? " NOT NULL" : ""));
        }
        for (Column own : writer.ownColumns(shape.columns())) {
            columns.add(Ddl.definition(own) + (own.required() ? " NOT NULL" : ""));
        }
        tx.execute("CREATE TABLE " + table(view) + " (" + String.join(", ", columns) + ", PRIMARY KEY ("
                + Sql.list(writer.key(), Sql::quote) + "))");
        writer.createCompanions(tx, shape);
        save(tx, stream, view, shape.columns());
    }

    /** Makes what a generation is kept in, empty. */
    void create(Tx tx, View view, Map<String, Shape> shapes) {
        switch (view) {
            case View.OfStream ofStream ->
                create(tx, pipeline.stream(ofStream.stream()), ofStream, shapes.get(ofStream.stream()));
            case View.Sql sql -> sqlViews.createInTransaction(tx, sql, shapes);
            case View.Fold fold ->
                FoldTables.create(tx, folds.versioned(fold), folds.table(fold, pipeline), table(fold), hash(fold));
        }
    }

    /** Shows readers what is in its place by now; what they ask. */
    String show(Tx tx, View view) {
        return view instanceof View.Sql sql ? sqlViews.showInTransaction(tx, sql) : table(view);
    }

    /** Of all that decides what rows a view has. */
    String hash(View view) {
        return view instanceof View.Fold fold
                ? Definitions.hash(
                        folds.versioned(fold),
                        pipeline::stream,
                        CatalogColumns.write(folds.table(fold, pipeline).columns()))
                : Definitions.hash(view, pipeline::stream, null);
    }

    /** The view as it is to be made: by the fold that the application has. */
    View resolved(View view) {
        return view instanceof View.Fold fold ? folds.versioned(fold) : view;
    }

    /** Whether a view has a history to be made of; one that only writes to a topic begins with what comes. */
    boolean keepsState(Tx tx, View view) {
        return !(view instanceof View.Sql sql) || sqlViews.of(sql).keepsState(tx);
    }

    /** Whether a view that stands there without a definition can be taken for this one. */
    boolean isAdoptable(Tx tx, View view) {
        return !(view instanceof View.Sql sql) || sqlViews.of(sql).isNotedInTransaction(tx);
    }

    /**
     * Whether this instance can make the view: it declares all its streams, and its fold isn't older than the view.
     */
    boolean isMakeable(View view) {
        return pipeline.streams().keySet().containsAll(view.streams())
                && (!(view instanceof View.Fold fold) || folds.isThere(fold));
    }

    private void grow(Tx tx, Stream stream, View.OfStream view, List<Column> catalogued, Shape shape) {
        TableWriter writer = writer(view);
        List<Column> all = new ArrayList<>();
        List<Column> widened = new ArrayList<>();
        for (Column there : catalogued) {
            if (writer.isOwn(there)) {
                continue;
            }
            Column now = shape.has(there.name()) ? merged(view, there, shape.column(there.name())) : there.optional();
            all.add(now);
            if (!now.type().postgres().equals(there.type().postgres())) {
                widened.add(now);
            }
        }
        List<Column> added = new ArrayList<>(shape.columns());
        added.removeIf(column -> catalogued.stream().anyMatch(c -> c.name().equals(column.name())));
        all.addAll(added);
        if (writer.catalogued(all, stream).equals(catalogued)) {
            return;
        }
        Ddl.alter(tx, table(view), added, widened);
        writer.growCompanions(tx, added, widened);
        save(tx, stream, view, all);
    }

    /** What a column becomes that stands in the table, now that events have this one. */
    private Column merged(View view, Column there, Column column) {
        ColumnType type = there.type()
                .widenedFor(column.type())
                .filter(wide -> PgArrays.isStorable(column.type(), wide))
                .orElse(null);
        if (type == null) {
            requireSame(
                    view,
                    "column " + there.name(),
                    there.type().postgres(),
                    column.type().postgres());
            // Two kinds of value may look the same in Postgres.
            requireSame(
                    view,
                    "column " + there.name(),
                    there.type().kind(),
                    column.type().kind());
        }
        return new Column(there.name(), type, there.required() && column.required(), there.doc());
    }

    private void save(Tx tx, Stream stream, View.OfStream view, List<Column> ofStream) {
        TableWriter writer = writer(view);
        JsonArray json = CatalogColumns.write(writer.catalogued(ofStream, stream));
        Tuple parameters = Tuple.tuple()
                .addValue(view.name())
                .addValue(view.kind())
                .addValue(new String[] {stream.name()})
                .addValue(table(view))
                .addValue(writer.key().toArray(String[]::new))
                .addValue(json);
        tx.execute(SAVE_VIEW, parameters);
        Standing.saveDefinition(tx, view, hash(view));
    }

    /** A view tells by its columns what it does with deletes. */
    private void requireSameDeletes(View view, List<Column> columns) {
        if (view instanceof View.Latest latest) {
            boolean soft = columns.stream().anyMatch(c -> c.name().equals(SoftDeletes.DELETED.name()));
            requireSame(view, "soft-delete", soft, latest.softDelete());
        }
    }

    private void requireSame(View view, String what, Object there, Object declared) {
        if (!there.equals(declared)) {
            throw new ContractException("view " + view.name() + " stands in Postgres with " + what + " " + there
                    + ", but the pipeline says " + declared + "; give the view another name, or drop table "
                    + table(view) + " and its row in leat.view to begin anew");
        }
    }

    String table(View view) {
        return Sql.quote(config.schema()) + "." + Sql.quote(view.name());
    }
}
