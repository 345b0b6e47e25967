package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.catalog.StoredInputs;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What SELECTs read, as far as it is known: as wide as this instance knows its streams to be, and as wide as the view is kept
 * for already, whichever instance has widened it. A batch of an older contract never makes an input narrower.
 */
final class SqlInputs {

    private static final String SELECT_COLUMNS =
            "SELECT name, columns FROM leat.view WHERE name = ANY ($1) AND table_name <> ''";

    private final Map<String, Shape> shapes = new ConcurrentHashMap<>();

    /** The streams and views that a view reads, by name. */
    record Inputs(Map<String, Shape> streams, Map<String, List<Column>> views) {

        /** The columns of all of them. */
        Map<String, List<Column>> columns() {
            Map<String, List<Column>> columns = new LinkedHashMap<>(views);
            streams.forEach((stream, shape) -> columns.put(stream, shape.columns()));
            return columns;
        }

        /** Whether a column that the view is kept for has another type in these. */
        boolean retypes(Map<String, List<Column>> kept) {
            Map<String, List<Column>> now = columns();
            return kept.entrySet().stream()
                    .anyMatch(input -> now.containsKey(input.getKey())
                            && retypes(input.getValue(), new Shape(now.get(input.getKey()))));
        }

        /** The same columns are the same inputs, whoever has put them together. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Inputs inputs && columns().equals(inputs.columns());
        }

        @Override
        public int hashCode() {
            return columns().hashCode();
        }

        private static boolean retypes(List<Column> kept, Shape now) {
            return kept.stream()
                    .anyMatch(column -> now.has(column.name())
                            && !now.column(column.name()).type().equals(column.type()));
        }
    }

    /**
     * Remembers what streams look like; narrower shapes than known ones change nothing.
     *
     * @param known by the streams' names
     * @throws dev.leat.schema.types.Misfit when one doesn't fit what is known of its stream
     */
    void learn(Map<String, Shape> known) {
        known.forEach((stream, shape) ->
                shapes.merge(stream, shape, (there, learnt) -> there == learnt ? there : there.with(learnt.columns())));
    }

    /** The inputs that the view is to be created for; empty while one of them doesn't exist. */
    Optional<Inputs> of(Tx tx, View.Sql view) {
        return of(tx, view, view.name());
    }

    private Optional<Inputs> of(Tx tx, View.Sql view, String keptAs) {
        Map<String, List<Column>> kept = StoredInputs.find(tx, keptAs);
        Map<String, List<Column>> read = columns(tx, view.views());
        Map<String, Shape> streams = new HashMap<>();
        for (String stream : view.streams()) {
            Shape shape = shapes.get(stream);
            if (shape != null) {
                streams.put(
                        stream, kept.containsKey(stream) ? new Shape(kept.get(stream)).with(shape.columns()) : shape);
            }
        }
        return streams.size() < view.streams().size() || !read.keySet().containsAll(view.views())
                ? Optional.empty()
                : Optional.of(new Inputs(streams, read));
    }

    Inputs require(Tx tx, View.Sql view) {
        return require(tx, view, view.name());
    }

    /** @param keptAs the name in the catalogue of the view whose state it has */
    Inputs require(Tx tx, View.Sql view, String keptAs) {
        return of(tx, view, keptAs)
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
