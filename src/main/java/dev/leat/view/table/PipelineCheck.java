package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.catalog.CatalogRows;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.catalog.StoredInputs;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Shape;
import dev.leat.view.fold.Folds;
import dev.leat.view.sql.SqlView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks all views in SQL of a pipeline before any view is made or changed: a pipeline that is refused leaves nothing behind.
 * Blocks.
 */
@ApplicationScoped
class PipelineCheck {

    private final Pipeline pipeline;
    private final Transacting transactions;
    private final SqlViews sqlViews;
    private final ViewWriters writers;
    private final Folds folds;

    PipelineCheck(Pipeline pipeline, Transacting transactions, SqlViews sqlViews, ViewWriters writers, Folds folds) {
        this.pipeline = pipeline;
        this.transactions = transactions;
        this.sqlViews = sqlViews;
        this.writers = writers;
        this.folds = folds;
    }

    /**
     * Views whose streams aren't known yet are checked when they are. A view that is kept as it is declared, and doesn't fit
     * its streams any more, isn't refused here: it rests, and the others go on.
     *
     * @param shapes of the streams, as far as they are known
     * @throws PipelineException what is against the first view that can't be kept, with its place
     */
    void check(Map<String, Shape> shapes) {
        transactions.run(tx -> {
            Map<String, List<Column>> columns = new HashMap<>();
            pipeline.views().values().forEach(view -> columns(tx, view, shapes)
                    .ifPresent(those -> columns.put(view.name(), those)));
            for (View.Sql view : ReadingOrder.of(pipeline)) {
                if (shapes.keySet().containsAll(view.streams())
                        && columns.keySet().containsAll(view.views())) {
                    check(tx, view, shapes, columns);
                }
            }
            return null;
        });
    }

    private void check(Tx tx, View.Sql view, Map<String, Shape> shapes, Map<String, List<Column>> columns) {
        Map<String, Shape> streams = new HashMap<>(shapes);
        streams.keySet().retainAll(view.streams());
        Map<String, List<Column>> read = new HashMap<>(columns);
        read.keySet().retainAll(view.views());
        try {
            SqlView.Layout layout = sqlViews.of(view).checkInTransaction(tx, streams, read);
            if (!layout.table().isEmpty()) {
                columns.put(view.name(), layout.columns());
            }
        } catch (PipelineException refused) {
            if (StoredInputs.find(tx, view.name()).isEmpty() || !StoredDefinitions.isBy(tx, view)) {
                throw refused;
            }
            // Those over it are asked about what exists.
            CatalogRows.find(tx, view.name())
                    .ifPresent(row -> columns.put(view.name(), CatalogColumns.read(row.getJsonArray("columns"))));
        }
    }

    /** What readers will see of a view that isn't in SQL; empty while that isn't known. */
    private Optional<List<Column>> columns(Tx tx, View view, Map<String, Shape> shapes) {
        return switch (view) {
            case View.OfStream ofStream ->
                Optional.ofNullable(shapes.get(ofStream.stream())).map(shape -> columns(tx, ofStream, shape));
            case View.Fold fold ->
                shapes.keySet().containsAll(fold.streams())
                        ? Optional.of(folds.table(fold, pipeline).columns())
                        : Optional.empty();
            case View.Sql ignored -> Optional.empty();
        };
    }

    /** Columns that it has already stay, as wide as they will be. */
    private List<Column> columns(Tx tx, View.OfStream view, Shape shape) {
        List<Column> wanted = writers.of(view).catalogued(shape.columns(), pipeline.stream(view.stream()));
        Map<String, Column> all = new LinkedHashMap<>();
        CatalogRows.find(tx, view.name())
                .filter(row -> row.getString("kind").equals(view.kind()))
                .ifPresent(row -> CatalogColumns.read(row.getJsonArray("columns"))
                        .forEach(column -> all.put(column.name(), column)));
        wanted.forEach(column -> all.merge(column.name(), column, PipelineCheck::wider));
        return new ArrayList<>(all.values());
    }

    private static Column wider(Column existing, Column wanted) {
        return new Column(
                existing.name(),
                existing.type().widenedFor(wanted.type()).orElse(wanted.type()),
                existing.required() && wanted.required(),
                existing.doc());
    }
}
