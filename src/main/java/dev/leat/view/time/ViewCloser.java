package dev.leat.view.time;

import dev.leat.catalog.Generations;
import dev.leat.failure.Failures;
import dev.leat.failure.Loop;
import dev.leat.failure.RepeatedWork;
import dev.leat.failure.Scope;
import dev.leat.postgres.Transacting;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Closes views as far as watermarks allow, every {@code leat.view.close-every}, and sweeps late events once an hour. Runs in
 * every instance that ingests. Without closable views it asks Postgres nothing else. What fails is tried again next time.
 */
@ApplicationScoped
public class ViewCloser {

    private static final Logger LOG = Logger.getLogger(ViewCloser.class);
    private static final Scope SWEEPING = Scope.process("closing");
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final Duration MEASURE_EVERY = Duration.ofSeconds(10);

    private final ClosingViews views;
    private final ViewClosing closing;
    private final ViewTimes times;
    private final Transacting transactions;
    private final TimeConfig config;
    private final WallClock clock;
    private final RepeatedWork work;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();

    // The loop's thread only.
    private long forgot = System.nanoTime() - FORGET_EVERY.toNanos() - 1;
    private long measuredAt = System.nanoTime() - MEASURE_EVERY.toNanos() - 1;

    ViewCloser(
            ClosingViews views,
            ViewClosing closing,
            ViewTimes times,
            Transacting transactions,
            TimeConfig config,
            WallClock clock,
            Failures failures) {
        this.work = new RepeatedWork(failures, "closed or swept");
        this.views = views;
        this.closing = closing;
        this.times = times;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    /** Once all tables exist. Doesn't block. */
    public void start() {
        if (started.compareAndSet(false, true)) {
            Thread.ofVirtual().name("closing").start(this::loop);
        }
    }

    /** A transaction in hand is finished, or rolled back with its connection. */
    void onStop(@Observes ShutdownEvent event) {
        ended.complete(null);
    }

    private void loop() {
        Loop.runLater(ended, config.closeEvery(), this::closeAll);
    }

    private void closeAll() {
        work.attempt(SWEEPING, "views", views::refresh);
        for (ClosableView view : views.all()) {
            work.attempt(Scope.view(Generations.viewOf(view.name())), "view " + view.name(), () -> closing.close(view)
                    .ifPresent(through -> LOG.debugf("view closed view=%s through=%s", view.name(), through)));
        }
        work.retainViews(views.all().stream()
                .map(view -> Scope.view(Generations.viewOf(view.name())))
                .collect(Collectors.toSet()));
        if (System.nanoTime() - measuredAt > MEASURE_EVERY.toNanos()) {
            measuredAt = System.nanoTime();
            work.attempt(SWEEPING, "gauges", times::measure);
        }
        if (System.nanoTime() - forgot > FORGET_EVERY.toNanos()) {
            forgot = System.nanoTime();
            work.attempt(
                    SWEEPING,
                    "late events",
                    () -> transactions.run(tx -> LateEvents.forgetInTransaction(tx, config.keepLate(), clock)));
        }
    }
}
