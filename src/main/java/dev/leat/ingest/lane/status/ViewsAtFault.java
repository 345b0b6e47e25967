package dev.leat.ingest.lane.status;

import dev.leat.catalog.Generations;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.view.rebuild.RestingViews;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Lets a view rest that can't be applied to, so that its lanes and their other views go on. Blocks. */
@ApplicationScoped
public class ViewsAtFault {

    private static final Logger LOG = Logger.getLogger(ViewsAtFault.class);

    private final RestingViews resting;
    private final Failures failures;

    ViewsAtFault(RestingViews resting, Failures failures) {
        this.resting = resting;
        this.failures = failures;
    }

    /** What has become of it. */
    public enum Outcome {
        /** The lane can go on without it. */
        RESTS,
        /** Postgres is away, or other lanes are in the middle of a batch. */
        TRY_AGAIN,
        /** It isn't made yet, or is being rebuilt. */
        CANNOT_REST
    }

    public Outcome rest(FailureVerdict.RestView fault) {
        failures.defect(Scope.view(Generations.viewOf(fault.view())), fault.cause());
        try {
            return resting.rest(fault.view(), fault.message()) ? Outcome.RESTS : Outcome.CANNOT_REST;
        } catch (RuntimeException e) {
            LOG.warnf("view doesn't rest yet view=%s error=%s", fault.view(), Unavailable.message(e));
            return Unavailable.is(e) ? Outcome.TRY_AGAIN : Outcome.CANNOT_REST;
        }
    }
}
