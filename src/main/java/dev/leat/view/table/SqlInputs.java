package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What SELECTs read, as far as it is known. */
final class SqlInputs {

    private static final String SELECT_COLUMNS =
            "SELECT name, columns FROM leat.view WHERE name = ANY ($1) AND table_name <> ''";

    // As wide as streams are known to be. Lanes race here only to do the same thing twice.
    private final Map<String, Shape> shapes = new ConcurrentHashMap<>();

    /** The streams and views that a view reads, by name. */
    record Inputs(Map<String, Shape> streams, Map<String, List<Column>> views) {}

    /** @param known what streams look like, by name */
    void learn(Map<String, Shape> known) {
        shapes.putAll(known);
    }

    /** The inputs that the view is to be created for; empty while one of them doesn't exist. */
    Optional<Inputs> of(Tx tx, View.Sql view) {
        Map<String, List<Column>> read = columns(tx, view.views());
        Map<String, Shape> streams = new HashMap<>();
        for (String stream : view.streams()) {
            if (shapes.containsKey(stream)) {
                streams.put(stream, shapes.get(stream));
            }
        }
        return streams.size() < view.streams().size() || !read.keySet().containsAll(view.views())
                ? Optional.empty()
                : Optional.of(new Inputs(streams, read));
    }

    Inputs require(Tx tx, View.Sql view) {
        return of(tx, view)
                .orElseThrow(() -> new IllegalStateException("view " + view.name() + " waits until all that it reads is"
                        + " known: " + String.join(", ", view.streams()) + ", " + String.join(", ", view.views())));
    }

    private static Map<String, List<Column>> columns(Tx tx, List<String> views) {
        Map<String, List<Column>> columns = new HashMap<>();
        if (!views.isEmpty()) {
            for (Row row : tx.execute(SELECT_COLUMNS, Tuple.of(views.toArray(String[]::new)))) {
                columns.put(row.getString("name"), CatalogColumns.read(row.getJsonArray("columns")));
            }
        }
        return columns;
    }
}
