package dev.leat.view.time;

import dev.leat.postgres.Transacting;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Closes views as far as watermarks allow, every {@code leat.view.close-every}, and sweeps late events once an hour. Runs in
 * every instance that ingests. Without closable views it asks Postgres nothing else. What fails is tried again next time.
 */
@ApplicationScoped
public class ViewCloser {

    private static final Logger LOG = Logger.getLogger(ViewCloser.class);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);

    private final ClosingViews views;
    private final ViewClosing closing;
    private final Transacting transactions;
    private final TimeConfig config;
    private final WallClock clock;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();

    // The loop's thread only.
    private long forgot = System.nanoTime() - FORGET_EVERY.toNanos() - 1;
    private boolean failing;

    ViewCloser(ClosingViews views, ViewClosing closing, Transacting transactions, TimeConfig config, WallClock clock) {
        this.views = views;
        this.closing = closing;
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
        ended.countDown();
    }

    private void loop() {
        try {
            while (!ended.await(config.closeEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                closeAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        boolean failed = !succeeds("views", views::refresh);
        for (ClosableView view : views.all()) {
            failed |= !succeeds("views", () -> closing.close(view)
                    .ifPresent(through -> LOG.debugf("view closed view=%s through=%s", view.name(), through)));
        }
        if (System.nanoTime() - forgot > FORGET_EVERY.toNanos()) {
            forgot = System.nanoTime();
            failed |= !succeeds(
                    "late events",
                    () -> transactions.run(tx -> LateEvents.forgetInTransaction(tx, config.keepLate(), clock)));
        }
        failing = failed;
    }

    private boolean succeeds(String what, Runnable work) {
        try {
            work.run();
            return true;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warnf("%s can't be closed or swept, will try again error=%s", what, e.getMessage());
                LOG.debug("closing", e);
            }
            return false;
        }
    }
}
