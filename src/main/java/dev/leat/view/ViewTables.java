package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Column;
import dev.leat.schema.ColumnType;
import dev.leat.schema.ContractException;
import dev.leat.schema.Shape;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the views' tables and gives them new columns. Safe with several instances: one at a time holds an advisory lock
 * and begins with what the catalogue says. Never drops, narrows or renames a column. Blocks.
 */
@ApplicationScoped
public class ViewTables {

    /** Any number, the same in every instance: "leat" in ASCII. */
    private static final long DDL_LOCK = 0x6c656174;

    static final String LOCK = "SELECT pg_advisory_xact_lock(" + DDL_LOCK + ")";
    private static final String SELECT_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
    private static final String SELECT_VIEW = "SELECT kind, stream, key, columns FROM leat.view WHERE name = $1";
    private static final String SAVE_VIEW = """
            INSERT INTO leat.view (name, kind, stream, table_name, key, columns, version)
            VALUES ($1, $2, $3, $4, $5, $6, nextval('leat.view_version'))
            ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, version = excluded.version, updated_at = now()
            """;

    private final Pool pool;
    private final Pipeline pipeline;
    private final ViewConfig config;
    private final ViewCatalog catalog;

    // The shape that a stream's tables are known to have. Lanes race here only to do the same thing twice.
    private final Map<String, Shape> ensured = new ConcurrentHashMap<>();

    ViewTables(Pool pool, Pipeline pipeline, ViewConfig config, ViewCatalog catalog) {
        this.pool = pool;
        this.pipeline = pipeline;
        this.config = config;
        this.catalog = catalog;
    }

    ViewWriter writer(View view) {
        return switch (view) {
            case View.Latest latest ->
                new LatestWriter(pipeline.stream(latest.stream()), table(latest), deletes(latest));
            case View.Log log -> new LogWriter(table(log));
        };
    }

    private Deletes deletes(View.Latest view) {
        Stream stream = pipeline.stream(view.stream());
        return view.softDelete()
                ? new SoftDeletes(stream, table(view))
                : new Tombstones(stream, view, table(view), InstantSource.system());
    }

    /**
     * Makes sure that every view of the stream has a table with these columns.
     *
     * @throws ContractException when a view stands there with another key or with other types
     */
    public void ensure(Stream stream, Shape shape) {
        if (ensured.get(stream.name()) == shape) {
            return;
        }
        for (View view : pipeline.viewsOf(stream)) {
            pool.withTransaction(connection -> ensureInTransaction(connection, stream, view, shape))
                    .await()
                    .atMost(config.timeout());
        }
        ensured.put(stream.name(), shape);
        catalog.refresh().await().atMost(config.timeout());
    }

    /** The columns that the stream's views have, without those of Leat's own; none of views that aren't there yet. */
    List<Column> columns(Stream stream) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (View view : pipeline.viewsOf(stream)) {
            var rows = pool.withConnection(c -> c.preparedQuery(SELECT_VIEW).execute(Tuple.of(view.name())))
                    .await()
                    .atMost(config.timeout());
            rows.forEach(
                    row -> ofStream(view, row.getJsonArray("columns")).forEach(c -> columns.putIfAbsent(c.name(), c)));
        }
        return List.copyOf(columns.values());
    }

    private List<Column> ofStream(View view, JsonArray catalogued) {
        List<Column> columns = new ArrayList<>();
        catalogued.stream()
                .map(JsonObject.class::cast)
                .forEach(c -> columns.add(
                        new Column(c.getString("name"), typeOf(c), c.getBoolean("required"), c.getString("doc"))));
        columns.removeAll(writer(view).ownColumns());
        return columns;
    }

    /** Only where it isn't there: Postgres would warn at each start that it is. */
    private Uni<Void> ensureSchema(SqlConnection connection) {
        return connection
                .preparedQuery(SELECT_SCHEMA)
                .execute(Tuple.of(config.schema()))
                .chain(rows -> rows.rowCount() > 0
                        ? Uni.createFrom().voidItem()
                        : connection
                                .query("CREATE SCHEMA " + Sql.quote(config.schema()))
                                .execute()
                                .replaceWithVoid());
    }

    private Uni<Void> ensureInTransaction(SqlConnection connection, Stream stream, View view, Shape shape) {
        return connection
                .query(LOCK)
                .execute()
                .chain(() -> ensureSchema(connection))
                .chain(() -> connection.preparedQuery(SELECT_VIEW).execute(Tuple.of(view.name())))
                .chain(rows -> {
                    if (!rows.iterator().hasNext()) {
                        return create(connection, stream, view, shape);
                    }
                    var row = rows.iterator().next();
                    requireSame(view, "kind", row.getString("kind"), view.kind());
                    requireSame(view, "stream", row.getString("stream"), stream.name());
                    requireSame(
                            view,
                            "key",
                            Arrays.asList(row.getArrayOfStrings("key")),
                            writer(view).key());
                    JsonArray columns = row.getJsonArray("columns");
                    requireSameDeletes(view, columns);
                    return writer(view)
                            .ensureCompanions(connection, shape)
                            .chain(() -> grow(connection, stream, view, columns, shape));
                });
    }

    private Uni<Void> create(SqlConnection connection, Stream stream, View view, Shape shape) {
        ViewWriter writer = writer(view);
        List<String> columns = new ArrayList<>();
        for (Column column : shape.columns()) {
            columns.add(Sql.quote(column.name()) + " " + column.type().postgres()
                    + (stream.key().contains(column.name()) ? " NOT NULL" : ""));
        }
        writer.ownColumns()
                .forEach(c -> columns.add(Sql.quote(c.name()) + " " + c.type().postgres() + " NOT NULL"));
        String statement = "CREATE TABLE " + table(view) + " (" + String.join(", ", columns) + ", PRIMARY KEY ("
                + Sql.list(writer.key(), Sql::quote) + "))";
        return connection
                .query(statement)
                .execute()
                .chain(() -> writer.createCompanions(connection, shape))
                .chain(() -> save(connection, stream, view, shape.columns()));
    }

    private Uni<Void> grow(SqlConnection connection, Stream stream, View view, JsonArray catalogued, Shape shape) {
        Map<String, JsonObject> known = new LinkedHashMap<>();
        catalogued.forEach(c -> known.put(((JsonObject) c).getString("name"), (JsonObject) c));
        List<Column> added = new ArrayList<>();
        for (Column column : shape.columns()) {
            JsonObject there = known.get(column.name());
            if (there == null) {
                added.add(column);
            } else {
                requireSame(view, "column " + column.name(), typeOf(there), column.type());
            }
        }
        if (added.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<Column> all = ofStream(view, catalogued);
        all.addAll(added);
        String statement = "ALTER TABLE " + table(view) + " "
                + Sql.list(
                        added,
                        c -> "ADD COLUMN IF NOT EXISTS " + Sql.quote(c.name()) + " "
                                + c.type().postgres());
        return connection.query(statement).execute().chain(() -> save(connection, stream, view, all));
    }

    private Uni<Void> save(SqlConnection connection, Stream stream, View view, List<Column> ofStream) {
        ViewWriter writer = writer(view);
        List<Column> columns = new ArrayList<>();
        for (Column column : ofStream) {
            boolean always =
                    column.required() && (!writer.showsDeletes() || stream.key().contains(column.name()));
            columns.add(new Column(column.name(), column.type(), always, column.doc()));
        }
        columns.addAll(writer.ownColumns());
        JsonArray json = new JsonArray();
        for (Column column : columns) {
            json.add(new JsonObject()
                    .put("name", column.name())
                    .put("kind", column.type().kind().name())
                    .put("precision", column.type().precision())
                    .put("scale", column.type().scale())
                    .put("required", column.required())
                    .put("doc", column.doc()));
        }
        Tuple parameters = Tuple.tuple()
                .addValue(view.name())
                .addValue(view.kind())
                .addValue(stream.name())
                .addValue(table(view))
                .addValue(writer.key().toArray(String[]::new))
                .addValue(json);
        return connection.preparedQuery(SAVE_VIEW).execute(parameters).replaceWithVoid();
    }

    /** A view tells by its columns what it does with deletes. */
    private void requireSameDeletes(View view, JsonArray columns) {
        if (view instanceof View.Latest latest) {
            boolean soft = columns.stream()
                    .anyMatch(c -> ((JsonObject) c).getString("name").equals(SoftDeletes.DELETED.name()));
            requireSame(view, "soft-delete", soft, latest.softDelete());
        }
    }

    private static ColumnType typeOf(JsonObject column) {
        return new ColumnType(
                ColumnType.Kind.valueOf(column.getString("kind")),
                column.getInteger("precision"),
                column.getInteger("scale"));
    }

    private void requireSame(View view, String what, Object there, Object declared) {
        if (!there.equals(declared)) {
            throw new ContractException("view " + view.name() + " stands in Postgres with " + what + " " + there
                    + ", but the pipeline says " + declared + "; give the view another name, or drop table "
                    + table(view) + " and its row in leat.view to begin anew");
        }
    }

    private String table(View view) {
        return Sql.quote(config.schema()) + "." + Sql.quote(view.name());
    }
}
