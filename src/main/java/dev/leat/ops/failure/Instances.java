package dev.leat.ops.failure;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.ingest.lane.Lanes;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.SqlState;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * What fails, and how lanes are, in all instances: this one's from memory, the others' as they last told it in Postgres.
 * Tells the others the same, every two seconds, and resumes here what somebody has asked another instance to resume. Never
 * blocks, and never fails: while Postgres is away, only this instance's own is known.
 */
@ApplicationScoped
public class Instances {

    private static final Logger LOG = Logger.getLogger(Instances.class);
    private static final Scope TELLING = Scope.process("telling other instances");
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(2);
    private static final Duration STALE_AFTER = Duration.ofSeconds(10);

    private final Failures failures;
    private final Lanes lanes;
    private final PgInstances told;
    private final Vertx vertx;
    private final UUID me = UUID.randomUUID();

    // Replaced by the timer, read by whoever asks.
    private volatile PgInstances.Others others = PgInstances.Others.NONE;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean stopped;
    private volatile CompletableFuture<Void> round = CompletableFuture.completedFuture(null);

    Instances(Failures failures, Lanes lanes, Pool pool, Vertx vertx) {
        this.failures = failures;
        this.lanes = lanes;
        this.told = new PgInstances(pool, me);
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        vertx.setTimer(EVERY.toMillis(), timer -> round());
    }

    /** Leaves after the round under way, which would appear again; else the next instance takes what failed here as current. */
    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        try {
            Uni.createFrom().completionStage(round).chain(told::leave).await().atMost(LEAVES_WITHIN);
        } catch (RuntimeException e) {
            LOG.debugf("not left error=%s", e.getMessage());
        }
    }

    /** What fails now, from the widest scope to the narrowest. */
    public List<SeenFailure> failures() {
        List<SeenFailure> all = new ArrayList<>();
        failures.current().forEach(failure -> all.add(SeenFailure.of(me, failure)));
        all.addAll(others().failures());
        return all;
    }

    /** The state of each lane that an instance has, by topic-partition. */
    public Map<String, String> lanes() {
        Map<String, String> all = new HashMap<>(others().lanes());
        all.putAll(mine());
        return all;
    }

    private Map<String, String> mine() {
        Map<String, String> mine = new HashMap<>();
        lanes.states().forEach((lane, state) -> mine.put(lane, state.label()));
        return mine;
    }

    private PgInstances.Others others() {
        return System.nanoTime() - heardAt > STALE_AFTER.toNanos() ? PgInstances.Others.NONE : others;
    }

    /**
     * Resumes what rests in a scope, wherever that is.
     *
     * @return in how many instances; those of others resume within seconds
     */
    Uni<Integer> resume(Scope scope) {
        int here = failures.resume(scope) ? 1 : 0;
        return told.askToResume(scope)
                .onFailure(failure -> Unavailable.is(failure) || SqlState.UNDEFINED_TABLE.isOf(failure))
                .recoverWithItem(0)
                .map(there -> here + there);
    }

    private void round() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        round = done;
        if (stopped) {
            done.complete(null);
            return;
        }
        tell().onFailure().recoverWithNull().subscribe().with(told -> {
            done.complete(null);
            if (!stopped) {
                vertx.setTimer(EVERY.toMillis(), timer -> round());
            }
        });
    }

    private Uni<Void> tell() {
        List<Failure> current = failures.current();
        return told.tell(current, mine())
                .invoke(asked -> asked.forEach(failures::resume))
                .chain(told::others)
                .invoke(heard -> {
                    others = heard;
                    heardAt = System.nanoTime();
                    failures.over(TELLING);
                })
                .replaceWithVoid()
                .onFailure()
                .invoke(this::failed);
    }

    /** Our tables may be made later, by another process. */
    private void failed(Throwable failure) {
        if (stopped || Unavailable.is(failure) || SqlState.UNDEFINED_TABLE.isOf(failure)) {
            LOG.debugf("other instances aren't told error=%s", failure.getMessage());
        } else {
            failures.report(TELLING, Failure.Cause.DEFECT, failures.defect(TELLING, failure));
        }
    }

    /**
     * Those that stop a stream or a part of it, or the way out of its events.
     *
     * @param views of the stream
     */
    public static boolean isOfStream(SeenFailure failure, Stream stream, Collection<View> views) {
        return switch (failure.scope()) {
            case STREAM -> failure.name().equals(stream.name());
            case VERSION -> failure.name().startsWith(stream.name() + "/");
            case VIEW -> views.stream().anyMatch(view -> view.name().equals(failure.name()));
            case LANE -> isPartitionOf(failure.name(), stream.topic());
            case LAKE -> isPartitionOf(failure.name(), stream.name());
            case TOPIC ->
                stream.deadLetters().topic().filter(failure.name()::equals).isPresent()
                        || views.stream().anyMatch(view -> emitsTo(view, failure.name()));
            case PROCESS -> false;
        };
    }

    private static boolean emitsTo(View view, String topic) {
        return view instanceof View.Sql sql
                && sql.toTopic().filter(to -> to.topic().equals(topic)).isPresent();
    }

    private static boolean isPartitionOf(String name, String of) {
        return name.startsWith(of + "-")
                && name.substring(of.length() + 1).chars().allMatch(Character::isDigit);
    }
}
