package dev.leat.failure;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Work that a loop does again and again, piece by piece. One that fails keeps no other from being done, and is tried again next
 * time. A defect is shown at once. What takes too long is shown when it does so twice in a row, because a lock may be held for a
 * moment. An outage of a whole server is only logged: whoever needs it says so. Not thread-safe: each loop has its own.
 */
public final class RepeatedWork {

    private static final Logger LOG = Logger.getLogger(RepeatedWork.class);

    private final Failures failures;
    private final String done;

    // What failed last time, and the causes that are shown of it.
    private final Map<String, Failing> failing = new HashMap<>();

    private record Failing(Scope scope, Set<Failure.Cause> shown) {}

    /** @param done what becomes of each piece, as {@code closed} */
    public RepeatedWork(Failures failures, String done) {
        this.failures = failures;
        this.done = done;
    }

    /** @param what the piece, for people */
    public void attempt(Scope scope, String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failed(scope, what, e);
            return;
        }
        Failing before = failing.remove(what);
        if (before != null) {
            LOG.infof("%s: %s again", what, done);
            over(before);
        }
    }

    /** What isn't about any of these views any more, since they were dropped or replaced, fails no more. */
    public void retainViews(Set<Scope> views) {
        failing.values().removeIf(piece -> {
            boolean isGone = piece.scope().kind() == Scope.Kind.VIEW && !views.contains(piece.scope());
            if (isGone) {
                over(piece);
            }
            return isGone;
        });
    }

    private void over(Failing piece) {
        piece.shown().forEach(cause -> failures.over(piece.scope(), cause));
        piece.shown().clear();
    }

    private void show(Failing piece, Failure.Cause cause, String message) {
        if (!piece.shown().contains(cause)) {
            over(piece);
        }
        piece.shown().add(cause);
        failures.report(piece.scope(), cause, message);
    }

    private void failed(Scope scope, String what, RuntimeException why) {
        boolean isFirst = !failing.containsKey(what);
        Failing piece = failing.computeIfAbsent(what, w -> new Failing(scope, EnumSet.noneOf(Failure.Cause.class)));
        String message = what + " can't be " + done + ": ";
        if (!Unavailable.is(why)) {
            show(piece, Failure.Cause.UNFIT, message + failures.defect(scope, why));
            return;
        }
        if (isFirst) {
            LOG.warnf("%s, will try again", message + Unavailable.message(why));
            LOG.debug(done, why);
        } else if (Unavailable.isTimeout(why)) {
            show(piece, Failure.Cause.OUTAGE, message + Unavailable.message(why));
        }
    }
}
