package dev.leat.catalog;

import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Reads and writes rows of {@code leat.view} for the DDL of a view's table. */
public final class CatalogRows {

    private static final String SELECT_VIEW =
            "SELECT kind, streams, key, columns, definition FROM leat.view WHERE name = $1";
    private static final String SAVE_VIEW = """
            INSERT INTO leat.view (name, kind, streams, table_name, key, columns, version)
            VALUES ($1, $2, $3, $4, $5, $6, nextval('leat.view_version'))
            ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, version = excluded.version, updated_at = now()
            """;

    private CatalogRows() {}

    public static Optional<Row> find(Tx tx, String view) {
        for (Row row : tx.execute(SELECT_VIEW, Tuple.of(view))) {
            return Optional.of(row);
        }
        return Optional.empty();
    }

    /** @param columns that a reader sees, in order */
    public static void save(Tx tx, View view, String table, List<String> key, List<Column> columns) {
        tx.execute(
                SAVE_VIEW,
                Tuple.tuple()
                        .addValue(view.name())
                        .addValue(view.kind())
                        .addValue(view.streams().toArray(String[]::new))
                        .addValue(table)
                        .addValue(key.toArray(String[]::new))
                        .addValue(CatalogColumns.write(columns)));
    }
}
