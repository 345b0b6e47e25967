package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.PostgresConfig;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.types.Column;
import dev.leat.view.writer.history.HistoryColumns;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns that a stream's views have by now, whichever instance has added them. Blocks. */
@ApplicationScoped
class PgKnownColumns implements KnownColumns {

    private static final String SELECT_COLUMNS = """
            SELECT kind, columns FROM leat.view
            WHERE streams = ARRAY[$1] AND kind NOT IN ('sql', 'fold') AND (name = ANY($2) OR becomes = ANY($2)) ORDER BY name""";

    private static final String SELECT_DROPPED = """
            SELECT coalesce(max(dropped), 0) AS dropped FROM (
                SELECT count(*) AS dropped FROM leat.view v
                JOIN pg_catalog.pg_attribute a
                    ON a.attrelid IN (to_regclass(v.table_name), to_regclass('leat.' || quote_ident('history_' || v.name)))
                WHERE v.streams = ARRAY[$1] AND v.kind NOT IN ('sql', 'fold') AND v.table_name <> '' AND a.attisdropped
                GROUP BY a.attrelid) AS tables""";

    private final Pool pool;
    private final Pipeline pipeline;
    private final PostgresConfig config;

    PgKnownColumns(Pool pool, Pipeline pipeline, PostgresConfig config) {
        this.pool = pool;
        this.pipeline = pipeline;
        this.config = config;
    }

    /** The columns of a view that has left the pipeline don't count. */
    @Override
    public List<Column> of(String stream) {
        Map<String, Column> known = new LinkedHashMap<>();
        pool.withConnection(c -> c.preparedQuery(SELECT_COLUMNS).execute(Tuple.of(stream, names(stream))))
                .await()
                .atMost(config.timeout())
                .forEach(row -> CatalogColumns.read(row.getJsonArray("columns")).stream()
                        .filter(column -> !isOwn(row.getString("kind"), column))
                        .forEach(column -> known.merge(column.name(), column, PgKnownColumns::wider)));
        return List.copyOf(known.values());
    }

    @Override
    public int dropped(String stream) {
        return pool.withConnection(c -> c.preparedQuery(SELECT_DROPPED).execute(Tuple.of(stream)))
                .await()
                .atMost(config.timeout())
                .iterator()
                .next()
                .getInteger("dropped");
    }

    private String[] names(String stream) {
        return pipeline.viewsOf(pipeline.stream(stream)).stream()
                .map(View::name)
                .toArray(String[]::new);
    }

    private static boolean isOwn(String kind, Column column) {
        return column.isOwn() || kind.equals("history") && HistoryColumns.isOwn(column);
    }

    /** Views of one stream differ only after a crash between their changes. */
    private static Column wider(Column one, Column other) {
        return new Column(
                one.name(),
                one.type().widenedFor(other.type()).orElse(one.type()),
                one.required() || other.required(),
                one.doc());
    }
}
