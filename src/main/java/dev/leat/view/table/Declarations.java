package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.catalog.Definitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.fold.Folds;
import jakarta.enterprise.context.ApplicationScoped;

/** What a view would be like if this instance made it, to be compared with what stands there. */
@ApplicationScoped
public class Declarations {

    private final Pipeline pipeline;
    private final SqlViews sqlViews;
    private final Folds folds;

    Declarations(Pipeline pipeline, SqlViews sqlViews, Folds folds) {
        this.pipeline = pipeline;
        this.sqlViews = sqlViews;
        this.folds = folds;
    }

    /** Of all that decides what rows a view has. */
    public String hash(View view) {
        return view instanceof View.Fold fold
                ? Definitions.hash(
                        folds.versioned(fold),
                        pipeline::stream,
                        CatalogColumns.write(folds.table(fold, pipeline).columns()))
                : Definitions.hash(view, pipeline::stream, null);
    }

    /** The view as it is to be made: by the fold that the application has. */
    public View resolved(View view) {
        return view instanceof View.Fold fold ? folds.versioned(fold) : view;
    }

    /** Whether a view has a history to be made of; one that only writes to a topic begins with what comes. */
    public boolean keepsState(Tx tx, View view) {
        return !(view instanceof View.Sql sql) || sqlViews.of(sql).keepsState(tx);
    }

    /** Whether a view that stands there without a definition can be taken for this one. */
    public boolean isAdoptable(Tx tx, View view) {
        return !(view instanceof View.Sql sql) || sqlViews.of(sql).isNotedInTransaction(tx);
    }

    /**
     * Whether this instance can make the view: it declares all its streams, and its fold isn't older than the view.
     */
    public boolean isMakeable(View view) {
        return pipeline.streams().keySet().containsAll(view.streams())
                && (!(view instanceof View.Fold fold) || folds.isThere(fold));
    }
}
