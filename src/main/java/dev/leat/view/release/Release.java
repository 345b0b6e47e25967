package dev.leat.view.release;

import dev.leat.catalog.Generations;
import dev.leat.failure.Failures;
import dev.leat.failure.Loop;
import dev.leat.failure.RepeatedWork;
import dev.leat.failure.Scope;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.schema.Contracts;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.WaitingEvents;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Releases events that wait for the right side of a join, every {@code leat.view.close-every}. Runs in every instance that
 * ingests; of two at the same lane, one waits for the other and finds nothing left. What fails is tried again next time.
 */
@ApplicationScoped
public class Release {

    private static final Logger LOG = Logger.getLogger(Release.class);
    private static final Duration MEASURE_EVERY = Duration.ofSeconds(10);

    private final Pipeline pipeline;
    private final Contracts contracts;
    private final KnownColumns known;
    private final ViewRelease release;
    private final Transacting transactions;
    private final StreamTimes times;
    private final RepeatedWork work;
    private final MeterRegistry meters;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();

    // Written by the loop; read by gauges.
    private final Map<String, Long> waiting = new ConcurrentHashMap<>();

    // The loop's thread only.
    private long measuredAt = System.nanoTime() - MEASURE_EVERY.toNanos() - 1;
    private final Set<String> measured = new HashSet<>();

    Release(
            Pipeline pipeline,
            Contracts contracts,
            KnownColumns known,
            Transacting transactions,
            ViewTables tables,
            LaneWriters writers,
            StreamTimes times,
            Failures failures,
            MeterRegistry meters) {
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.known = known;
        this.transactions = transactions;
        this.times = times;
        this.work = new RepeatedWork(failures, "released");
        this.meters = meters;
        this.release = new ViewRelease(transactions, pipeline, this::decode, tables, writers, times);
    }

    /** With the columns that other instances have added. */
    private Decoded decode(String topic, int partition, Records records) {
        pipeline.streamsOf(topic).forEach(stream -> contracts.widen(stream, known.of(stream.name())));
        return contracts.decoder(topic).decode(partition, records);
    }

    /** Once all tables exist. Doesn't block. */
    public void start() {
        if (started.compareAndSet(false, true)) {
            Thread.ofVirtual().name("release").start(this::loop);
        }
    }

    /** A transaction in hand is finished, or rolled back with its connection. */
    void onStop(@Observes ShutdownEvent event) {
        ended.complete(null);
    }

    private void loop() {
        Loop.runLater(ended, times.closeEvery(), this::releaseAll);
    }

    private void releaseAll() {
        work.attempt(Scope.process("release"), "events that wait", () -> {
            release.views().forEach(this::release);
            work.retainViews(release.views().stream()
                    .map(view -> Scope.view(Generations.viewOf(view.name())))
                    .collect(Collectors.toSet()));
            if (System.nanoTime() - measuredAt > MEASURE_EVERY.toNanos()) {
                measuredAt = System.nanoTime();
                measure();
            }
        });
    }

    /** One that fails keeps no other from going on. */
    private void release(View.Sql view) {
        String name = Generations.viewOf(view.name());
        work.attempt(Scope.view(name), "the waiting events of " + view.name(), () -> {
            Released released = release.release(view);
            if (released.expired() > 0) {
                meters.counter("leat.events.expired", "view", name).increment(released.expired());
                LOG.infof(
                        "events have waited long enough and are joined with what is there view=%s events=%d",
                        view.name(), released.expired());
            }
        });
    }

    private void measure() {
        Map<String, Long> now = transactions.run(WaitingEvents::countInTransaction);
        waiting.keySet().retainAll(now.keySet());
        waiting.putAll(now);
        pipeline.views().values().forEach(view -> {
            if (view instanceof View.Sql sql && sql.longestWait().isPresent() && measured.add(view.name())) {
                meters.counter("leat.events.expired", "view", view.name());
                Gauge.builder("leat.events.waiting", () -> waiting.getOrDefault(view.name(), 0L))
                        .description("events that wait for the right side of a view's join")
                        .tag("view", view.name())
                        .register(meters);
            }
        });
    }
}
