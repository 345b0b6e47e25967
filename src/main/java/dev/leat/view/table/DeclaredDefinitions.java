package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.catalog.Definitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.fold.Folds;
import jakarta.enterprise.context.ApplicationScoped;

/** The definitions that declared views would have if this instance created them, to compare with the stored ones. */
@ApplicationScoped
public class DeclaredDefinitions {

    private final Pipeline pipeline;
    private final SqlViews sqlViews;
    private final Folds folds;

    DeclaredDefinitions(Pipeline pipeline, SqlViews sqlViews, Folds folds) {
        this.pipeline = pipeline;
        this.sqlViews = sqlViews;
        this.folds = folds;
    }

    /** Hash of all that decides which rows the view has. */
    public String hash(View view) {
        return view instanceof View.Fold fold
                ? Definitions.hash(
                        folds.versioned(fold, pipeline),
                        pipeline::stream,
                        CatalogColumns.write(folds.table(fold, pipeline).columns()))
                : Definitions.hash(view, pipeline::stream, null);
    }

    /** The view with the version of the fold that the application has. */
    public View resolved(View view) {
        return view instanceof View.Fold fold ? folds.versioned(fold, pipeline) : view;
    }

    /** Whether a view can be built from history; one that only writes to a topic begins with the next event. */
    public boolean keepsState(Tx tx, View view) {
        return !(view instanceof View.Sql sql) || sqlViews.of(sql).keepsState(tx);
    }

    /**
     * Whether this instance can build the view: it declares all its streams, and its fold isn't older than the view.
     */
    public boolean isMakeable(View view) {
        return pipeline.streams().keySet().containsAll(view.streams())
                && (!(view instanceof View.Fold fold) || folds.has(fold));
    }
}
