package dev.leat.view.table;

import dev.leat.catalog.Generations;
import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.PipelineException;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.SqlInputs.Inputs;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Views in SQL that can't be what they are to be: each stops alone. One that exists is tried again when what it reads has
 * other columns, or when somebody resumes it. One that doesn't exist takes no events until the next start, which derives it
 * from history. Thread-safe.
 */
final class RefusedViews {

    private static final Logger LOG = Logger.getLogger(RefusedViews.class);

    private final Failures failures;

    // The inputs that each was refused for.
    private final Map<SqlView, Inputs> refused = new ConcurrentHashMap<>();
    private final Set<SqlView> resumed = ConcurrentHashMap.newKeySet();
    private final Set<SqlView> never = ConcurrentHashMap.newKeySet();

    RefusedViews(Failures failures) {
        this.failures = failures;
    }

    boolean has(SqlView view, Inputs inputs) {
        return never.contains(view) || inputs.equals(refused.get(view));
    }

    /** Whether somebody has resumed it since it was refused. Says so once. */
    boolean isResumed(SqlView view) {
        return !resumed.isEmpty() && resumed.remove(view);
    }

    /**
     * Takes down that the view can't be kept for these inputs.
     *
     * @param exists whether it is kept, for others
     * @throws RuntimeException this one, where it is an outage
     */
    void add(SqlView view, Inputs inputs, boolean exists, RuntimeException why) {
        boolean isVerdict = why instanceof PipelineException || why instanceof ContractException;
        String message = isVerdict ? why.getMessage() : failures.defect(scope(view), why);
        refused.put(view, inputs);
        if (exists) {
            view.rest(message);
            failures.rest(scope(view), Failure.Cause.UNFIT, message, () -> resume(view));
        } else {
            never.add(view);
            view.refuse();
            failures.report(
                    scope(view),
                    Failure.Cause.UNFIT,
                    message + "; the view isn't created: mend it and restart, and it is derived from history");
        }
        LOG.errorf("not changed view=%s error=%s", view.view().name(), message);
    }

    private void resume(SqlView view) {
        refused.remove(view);
        resumed.add(view);
    }

    void remove(SqlView view) {
        if (refused.remove(view) != null) {
            failures.over(scope(view), Failure.Cause.UNFIT);
        }
    }

    private static Scope scope(SqlView view) {
        return Scope.view(Generations.viewOf(view.view().name()));
    }
}
