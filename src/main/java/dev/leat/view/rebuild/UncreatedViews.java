package dev.leat.view.rebuild;

import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.View;
import dev.leat.view.table.ViewTables;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Creates views that couldn't be created at start, once they can be. One whose streams have been read meanwhile is built from
 * history, as a new one is at start. Blocks.
 */
@ApplicationScoped
public class UncreatedViews {

    private static final Logger LOG = Logger.getLogger(UncreatedViews.class);

    private final ViewTables tables;
    private final DefinitionChanges changes;
    private final Failures failures;

    UncreatedViews(ViewTables tables, DefinitionChanges changes, Failures failures) {
        this.tables = tables;
        this.changes = changes;
        this.failures = failures;
    }

    /** Tries all of them. */
    public void createAgain() {
        tables.uncreated().forEach(this::createAgain);
    }

    private void createAgain(View.Sql view) {
        try {
            if (tables.canBeCreated(view)) {
                // Before it is created: what is read in between is noticed there, and the next try requests the build.
                changes.settle(view);
                tables.createAgain(view);
                LOG.infof("can be created view=%s", view.name());
            }
        } catch (RuntimeException e) {
            if (Unavailable.is(e)) {
                LOG.debugf("not tried view=%s error=%s", view.name(), e.getMessage());
            } else {
                failures.defect(Scope.view(view.name()), e);
            }
        }
    }
}
