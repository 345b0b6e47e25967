package dev.leat.relay;

import dev.leat.catalog.ViewsReady;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.RetryConfig;
import dev.leat.view.outbox.Outbox;
import dev.leat.view.outbox.OutboxEvent;
import dev.leat.view.outbox.OutboxTurns;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sends what views emit from the outbox to Kafka: each event at least once, the events of a lane in their order. A duplicate
 * has the headers of the first one. An outage is retried ({@code leat.ingest.backoff-*}); a topic that can't be written to
 * blocks no other.
 *
 * <p>On a thread of its own; fields without a word are touched by that thread only.
 */
@ApplicationScoped
class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    private final OutboxTurns turns;
    private final OutboxProducer producer;
    private final OutboxConfig config;
    private final MeterRegistry meters;
    private final PausedTopics paused;
    private final Outage outage;
    private final Backoff whileBusy; // another instance is at the outbox
    private final Semaphore asked = new Semaphore(0);
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    // Set once by whoever completes the start, read at the end.
    private volatile Thread thread;

    // Counted by the relay, read by whoever looks at the metrics.
    private volatile long waiting;
    private long countedAt = System.nanoTime() - Duration.ofDays(1).toNanos();

    OutboxRelay(
            OutboxTurns turns, OutboxProducer producer, RetryConfig ingest, OutboxConfig config, MeterRegistry meters) {
        this.turns = turns;
        this.producer = producer;
        this.config = config;
        this.meters = meters;
        this.paused = new PausedTopics(ingest, Clock.systemUTC());
        this.outage = new Outage(new Backoff(ingest.backoffMin(), ingest.backoffMax()), new ReadOutage());
        this.whileBusy = new Backoff(ingest.backoffMin(), Duration.ofSeconds(1));
    }

    /** Before the first lane opens. Never waits. */
    void onStart(
            @Observes @Priority(5) StartupEvent event, Outbox outbox, ViewsReady viewsReady, PipelineConfig roles) {
        if (roles.roles().contains(PipelineConfig.Role.INGEST)) {
            outbox.onCommit(this::wake);
            Gauge.builder("leat.outbox.waiting", this, relay -> relay.waiting)
                    .description("events of views that wait to be sent to Kafka, of all instances")
                    .register(meters);
            viewsReady.whenReady().thenRun(this::start);
        }
    }

    void onStop(@Observes ShutdownEvent event, RetryConfig ingest) throws InterruptedException {
        stop();
        if (thread != null) {
            thread.join(ingest.drainWithin());
        }
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("outbox-relay").start(this::relay);
    }

    /** Ends after the turn in hand. Any thread. */
    void stop() {
        stopping.complete(null);
        asked.release();
    }

    /** Says that there is something to send. Never waits; any thread. */
    void wake() {
        asked.release();
    }

    private void relay() {
        try {
            while (!stopping.isDone()) {
                asked.drainPermits();
                Duration pause = relayAll();
                asked.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            producer.close();
        }
    }

    /**
     * Sends until nothing is left that can be sent.
     *
     * @return how long to wait before the outbox is read again, unless it is woken
     */
    private Duration relayAll() {
        try {
            OutboxTurns.Turn turn = OutboxTurns.Turn.WORKED;
            while (turn == OutboxTurns.Turn.WORKED && !stopping.isDone()) {
                turn = turns.take(paused.now(), this::send);
            }
            outage.succeeded();
            count();
            if (turn == OutboxTurns.Turn.BUSY) {
                // The other instance may have read the outbox before our event was committed.
                return whileBusy.next();
            }
            whileBusy.reset();
            return paused.untilNext()
                    .filter(pause -> pause.compareTo(config.pollEvery()) < 0)
                    .orElse(config.pollEvery());
        } catch (RuntimeException e) {
            return outage.failed(e);
        }
    }

    private List<Long> send(List<OutboxEvent> events) {
        OutboxProducer.Sent sent = producer.send(events);
        for (OutboxEvent event : sent.acknowledged()) {
            meters.counter("leat.outbox.sent", "view", event.view(), "topic", event.topic())
                    .increment();
        }
        sent.failures().forEach((topic, failure) -> {
            if (paused.failed(topic)) {
                LOG.warnf("outage, events of views wait in the outbox topic=%s error=%s", topic, failure);
                meters.counter("leat.outbox.outages", "topic", topic).increment();
            }
        });
        events.stream()
                .map(OutboxEvent::topic)
                .distinct()
                .filter(topic -> !sent.failures().containsKey(topic))
                .filter(paused::worked)
                .forEach(topic -> LOG.infof("outage over, events of views are sent topic=%s", topic));
        return sent.acknowledged().stream().map(OutboxEvent::id).toList();
    }

    private void count() {
        long now = System.nanoTime();
        if (now - countedAt > config.pollEvery().toNanos()) {
            waiting = turns.waiting();
            countedAt = now;
        }
    }

    private final class ReadOutage implements Outage.Listener {

        @Override
        public void began(Throwable failure) {
            if (!stopping.isDone()) {
                LOG.warnf("outage, the outbox isn't read for now error=%s", failure.getMessage());
            }
        }

        @Override
        public void ended(Duration lasted) {
            LOG.info("the outbox is read again");
        }
    }
}
