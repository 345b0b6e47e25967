package dev.leat.view.table;

import dev.leat.catalog.Generations;
import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.PipelineException;
import dev.leat.postgres.DependentViews;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.SqlInputs.Inputs;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Views in SQL that can't be what they are to be: each stops alone. One that exists is tried again when what it reads has
 * other columns, or when somebody resumes it. One that can't be created takes no events, and is tried again from time to
 * time, or when somebody resumes it; then it is derived from history. Thread-safe.
 */
final class RefusedViews {

    private static final Logger LOG = Logger.getLogger(RefusedViews.class);

    private final Failures failures;

    // The inputs that each was refused for.
    private final Map<SqlView, Inputs> refused = new ConcurrentHashMap<>();
    private final Set<SqlView> resumed = ConcurrentHashMap.newKeySet();
    // Why each isn't created.
    private final Map<SqlView, String> uncreated = new ConcurrentHashMap<>();

    // Set once at start, before any is refused.
    private volatile Runnable wake = () -> {};

    RefusedViews(Failures failures) {
        this.failures = failures;
    }

    /** @param call when somebody has resumed one that can't be created */
    void onResume(Runnable call) {
        wake = call;
    }

    boolean has(SqlView view, Inputs inputs) {
        return isUncreated(view) || inputs.equals(refused.get(view));
    }

    boolean isUncreated(SqlView view) {
        return uncreated.containsKey(view);
    }

    List<SqlView> uncreated() {
        return List.copyOf(uncreated.keySet());
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
        boolean isDependedOn = DependentViews.areInTheWay(why);
        boolean isVerdict = isDependedOn || why instanceof PipelineException || why instanceof ContractException;
        String message = isDependedOn
                ? dependent(view, (PgException) why)
                : isVerdict ? why.getMessage() : Unavailable.message(why);
        // Each try would be a defect more.
        if (!isVerdict && !message.equals(uncreated.get(view))) {
            failures.defect(scope(view), why);
        }
        if (exists) {
            rest(view, inputs, message);
        } else {
            leaveOut(view, message);
        }
    }

    /** What somebody has made over it: the detail names that. */
    private static String dependent(SqlView view, PgException refused) {
        return "view " + view.view().name() + " can't take its streams' columns: " + refused.getErrorMessage()
                + (refused.getDetail() == null ? "" : ": " + refused.getDetail())
                + "; drop that and resume the view, and it gets what it has missed";
    }

    private void rest(SqlView view, Inputs inputs, String message) {
        created(view);
        refused.put(view, inputs);
        view.rest(message);
        failures.rest(scope(view), Failure.Cause.UNFIT, message, () -> resume(view));
        LOG.errorf("not changed view=%s error=%s", view.view().name(), message);
    }

    private void leaveOut(SqlView view, String message) {
        view.refuse();
        if (!message.equals(uncreated.put(view, message))) {
            LOG.errorf("not created view=%s error=%s", view.view().name(), message);
        }
        failures.report(
                scope(view),
                Failure.Cause.UNFIT,
                message
                        + "; the view isn't created: mend that, and it is tried again by itself and derived from history",
                wake);
    }

    /** It exists, or is to be built from history. */
    void created(SqlView view) {
        view.accept();
        if (uncreated.remove(view) != null) {
            failures.over(scope(view), Failure.Cause.UNFIT);
        }
    }

    /** It is to be tried again. */
    void resume(SqlView view) {
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
