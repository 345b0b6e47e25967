package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.catalog.Definitions;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.catalog.StoredInputs;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.SqlInputs.Inputs;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** What {@code leat.view} says of the views in SQL. Each call is part of the transaction that makes the view. */
final class SqlViewRows {

    private static final String SAVE_VIEW = """
            INSERT INTO leat.view AS v (name, kind, streams, table_name, key, columns, version)
            VALUES ($1, $2, $3, $4, $5, $6, nextval('leat.view_version'))
            ON CONFLICT (name) DO UPDATE
            SET columns = excluded.columns, key = excluded.key, table_name = excluded.table_name,
                version = excluded.version, updated_at = now(),
                left_at = CASE WHEN v.definition IS NULL THEN NULL ELSE v.left_at END
            WHERE (v.columns, v.key, v.table_name) IS DISTINCT FROM (excluded.columns, excluded.key, excluded.table_name)
                OR v.definition IS NULL AND v.left_at IS NOT NULL
            """;

    private final Pipeline pipeline;

    SqlViewRows(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Of a view that keeps something of streams. */
    void saveDefinition(Tx tx, View.Sql view) {
        StoredDefinitions.saveDefinition(tx, view, Definitions.hash(view, pipeline::stream, null));
    }

    /** As it was made, and the inputs that it was made for. */
    void save(Tx tx, View.Sql view, SqlView.Layout result, Inputs known) {
        Tuple parameters = Tuple.tuple()
                .addValue(view.name())
                .addValue(view.kind())
                .addValue(allStreams(view).toArray(String[]::new))
                .addValue(result.table())
                .addValue(result.key().toArray(String[]::new))
                .addValue(CatalogColumns.write(result.columns()));
        tx.execute(SAVE_VIEW, parameters);
        StoredInputs.save(tx, view.name(), known.columns());
    }

    /** Its own, and those of the views that it reads. */
    private List<String> allStreams(View view) {
        List<String> all = new ArrayList<>(view.streams());
        if (view instanceof View.Sql sql) {
            sql.views().stream()
                    .map(pipeline.views()::get)
                    .filter(read -> read != null)
                    .forEach(read -> all.addAll(allStreams(read)));
        }
        return all.stream().distinct().toList();
    }
}
