package dev.leat.ingest.lane.status;

import dev.leat.catalog.Generations;
import dev.leat.failure.Failure;
import dev.leat.failure.Failure.Cause;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.view.rebuild.RestingViews;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
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

    /** Where it is known already why it doesn't fit, that is why. */
    public Outcome rest(FailureVerdict.RestView fault) {
        Scope scope = Scope.view(Generations.viewOf(fault.view()));
        Optional<Failure> unfit = failures.of(scope).stream()
                .filter(failure -> failure.cause() == Cause.UNFIT && failure.rests())
                .findFirst();
        if (unfit.isEmpty() && fault.cause() == Cause.DEFECT) {
            failures.defect(scope, fault.failure().getCause());
        }
        String message = unfit.map(Failure::message).orElse(fault.message());
        try {
            return resting.rest(fault.view(), message, unfit.map(Failure::cause).orElse(fault.cause()))
                    ? Outcome.RESTS
                    : Outcome.CANNOT_REST;
        } catch (RuntimeException e) {
            LOG.warnf("view doesn't rest yet view=%s error=%s", fault.view(), Unavailable.message(e));
            return Unavailable.is(e) ? Outcome.TRY_AGAIN : Outcome.CANNOT_REST;
        }
    }
}
