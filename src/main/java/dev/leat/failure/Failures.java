package dev.leat.failure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * What fails now in this process: one failure for each scope and cause. Whoever meets a failure reports it here, and takes
 * it back when it is over. Health, the API and metrics show what stands here. Thread-safe; never blocks.
 *
 * <p>What rests is woken by {@link #resume}, which runs what its reporter has left for that.
 */
@ApplicationScoped
public class Failures {

    private static final Logger LOG = Logger.getLogger(Failures.class);

    /** So many kinds of defects are told apart; those after them are logged each time. */
    private static final int MOST_KINDS = 1_000;

    private final Map<Key, Entry> current = new ConcurrentHashMap<>();
    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;
    private final MeterRegistry meters;

    // Set once, at the end.
    private volatile boolean ending;

    @Inject
    Failures(MeterRegistry meters) {
        this(InstantSource.system(), meters);
        for (Scope.Kind scope : Scope.Kind.values()) {
            for (Failure.Cause cause : Failure.Cause.values()) {
                Gauge.builder("leat.failures", () -> count(scope, cause))
                        .description("what fails now in this instance")
                        .tag("scope", scope.label())
                        .tag("cause", cause.label())
                        .register(meters);
            }
        }
    }

    /** @param clock says since when something fails */
    public Failures(InstantSource clock) {
        this(clock, new SimpleMeterRegistry());
    }

    private Failures(InstantSource clock, MeterRegistry meters) {
        this.clock = clock;
        this.meters = meters;
        for (Scope.Kind scope : Scope.Kind.values()) {
            meters.counter("leat.defects", "scope", scope.label());
        }
    }

    private record Key(Scope scope, Failure.Cause cause) {}

    private record Entry(Failure failure, Runnable resume) {}

    /** The process ends: what work in hand needs goes away, and that is no defect. */
    void end(@Observes @Priority(1) ShutdownEvent event) {
        ending = true;
    }

    /** It fails, and is tried again by itself. Logging is up to the caller. */
    public Failure report(Scope scope, Failure.Cause cause, String message) {
        return put(scope, cause, message, false, null);
    }

    /**
     * It fails, and is tried again by itself, or at once when somebody resumes it.
     *
     * @param again tries it at once; called by any thread, and must not wait
     */
    public Failure report(Scope scope, Failure.Cause cause, String message, Runnable again) {
        return put(scope, cause, message, false, again);
    }

    /**
     * It fails, and isn't tried again before somebody resumes it.
     *
     * @param resume tries it again; called at most once, by any thread, and must not wait
     */
    public Failure rest(Scope scope, Failure.Cause cause, String message, Runnable resume) {
        return put(scope, cause, message, true, resume);
    }

    /**
     * Something failed that is no outage and nobody's verdict: a fault of Leat's own, until somebody says otherwise. Counts
     * it, and logs its stack the first time that it comes from this place in this scope. It isn't on the board by that.
     *
     * @return what happened, in one line
     */
    public String defect(Scope scope, Throwable fault) {
        if (ending) {
            LOG.debugf(fault, "met after the end scope=%s name=%s", scope.kind().label(), scope.name());
            return Unavailable.message(fault);
        }
        meters.counter("leat.defects", "scope", scope.kind().label()).increment();
        String message = Unavailable.message(fault);
        if (logged.size() >= MOST_KINDS || logged.add(scope + " " + place(fault))) {
            LOG.errorf(
                    withStack(fault),
                    "defect scope=%s name=%s error=%s",
                    scope.kind().label(),
                    scope.name(),
                    message);
        } else {
            LOG.debugf(fault, "defect again scope=%s name=%s", scope.kind().label(), scope.name());
        }
        return message;
    }

    /** The clients' own exceptions have none; where they were met says more than nothing. */
    private static Throwable withStack(Throwable fault) {
        return fault.getStackTrace().length > 0 ? fault : new IllegalStateException("met here", fault);
    }

    private static String place(Throwable fault) {
        Throwable root = fault;
        for (int depth = 0; root.getCause() != null && depth < 32; depth++) {
            root = root.getCause();
        }
        StackTraceElement[] stack = root.getStackTrace();
        return root.getClass().getName() + (stack.length == 0 ? root.getMessage() : " " + stack[0]);
    }

    private Failure put(Scope scope, Failure.Cause cause, String message, boolean rests, Runnable resume) {
        Instant now = clock.instant();
        return current.compute(new Key(scope, cause), (key, there) -> {
                    Failure failure = there == null
                            ? new Failure(scope, cause, message, now, 1, rests)
                            : there.failure().again(message, rests);
                    return new Entry(failure, resume);
                })
                .failure();
    }

    /** Nothing of that scope fails any more. */
    public void over(Scope scope) {
        current.keySet().removeIf(key -> key.scope().equals(scope));
    }

    /** That isn't what fails any more. */
    public void over(Scope scope, Failure.Cause cause) {
        current.remove(new Key(scope, cause));
    }

    /** From the widest scope to the narrowest, by name. */
    public List<Failure> current() {
        return current.values().stream()
                .map(Entry::failure)
                .sorted(Comparator.comparing(
                                (Failure failure) -> failure.scope().kind())
                        .reversed()
                        .thenComparing(failure -> failure.scope().name())
                        .thenComparing(Failure::cause))
                .toList();
    }

    /** Those of one scope. */
    public List<Failure> of(Scope scope) {
        return Arrays.stream(Failure.Cause.values())
                .map(cause -> current.get(new Key(scope, cause)))
                .filter(entry -> entry != null)
                .map(Entry::failure)
                .toList();
    }

    /**
     * Tries again what rests in that scope, or would be tried again later.
     *
     * @return whether anything did
     */
    public boolean resume(Scope scope) {
        boolean resumed = false;
        for (Failure.Cause cause : Failure.Cause.values()) {
            Key key = new Key(scope, cause);
            Entry entry = current.get(key);
            if (entry != null && entry.resume() != null && current.remove(key, entry)) {
                LOG.infof("resumed %s after %s", scope, entry.failure().message());
                entry.resume().run();
                resumed = true;
            }
        }
        return resumed;
    }

    private long count(Scope.Kind scope, Failure.Cause cause) {
        return current.keySet().stream()
                .filter(key -> key.scope().kind() == scope && key.cause() == cause)
                .count();
    }
}
