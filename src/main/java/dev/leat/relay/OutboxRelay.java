package dev.leat.relay;

import dev.leat.catalog.ViewsReady;
import dev.leat.failure.Failure.Cause;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.pipeline.PipelineConfig;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.RetryConfig;
import dev.leat.view.outbox.Outbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sends to Kafka what views emit, and copies of dead letters: each at least once, the events of a lane in their order. A
 * duplicate has the headers of the first one. What can't be sent is set aside, alone. A topic that can't be written to
 * blocks no other and is retried, as an outage is ({@code leat.ingest.backoff-*}).
 *
 * <p>On a thread of its own, which looks again after {@code leat.outbox.poll-every} at the latest, whether it is woken or
 * not; fields without a word are touched by that thread only.
 */
@ApplicationScoped
class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final Scope BROKER = Scope.process("outbox");

    private final WayOut emitted;
    private final WayOut copies;
    private final KafkaSender sender;
    private final OutboxConfig config;
    private final MeterRegistry meters;
    private final Failures failures;
    private final PausedTopics paused;
    private final WayOutGauges gauges = new WayOutGauges(InstantSource.system());
    private final Outage outage;
    private final Backoff whileBusy; // another instance is at the outbox
    private final Semaphore asked = new Semaphore(0);
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    // Set once by whoever completes the start, read at the end.
    private volatile Thread thread;

    private SendFailure broker; // why nothing at all can be sent; null while something can
    private long countedAt = System.nanoTime() - Duration.ofDays(1).toNanos();

    @Inject
    OutboxRelay(
            EmittedEvents emitted,
            DeadLetterCopies copies,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            RetryConfig ingest,
            OutboxConfig config,
            MeterRegistry meters,
            Failures failures) {
        this(emitted, copies, KafkaSender.of(kafka, config.producer()), ingest, config, meters, failures);
    }

    OutboxRelay(
            WayOut emitted,
            WayOut copies,
            KafkaSender sender,
            RetryConfig ingest,
            OutboxConfig config,
            MeterRegistry meters,
            Failures failures) {
        this.emitted = emitted;
        this.copies = copies;
        this.sender = sender;
        this.config = config;
        this.meters = meters;
        this.failures = failures;
        this.paused = new PausedTopics(ingest, Clock.systemUTC());
        this.outage = new Outage(new Backoff(ingest.backoffMin(), ingest.backoffMax()), new RelayOutage());
        this.whileBusy = new Backoff(ingest.backoffMin(), Duration.ofSeconds(1));
    }

    /** Before the first lane opens. Never waits. */
    void onStart(
            @Observes @Priority(5) StartupEvent event,
            Outbox outbox,
            DeadLetterCopies letters,
            ViewsReady viewsReady,
            PipelineConfig roles) {
        if (roles.roles().contains(PipelineConfig.Role.INGEST)) {
            outbox.onCommit(this::wake);
            letters.onAsked(this::wake);
            gauges.register(meters);
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
            sender.close();
        }
    }

    /**
     * Sends until nothing is left that can be sent.
     *
     * @return how long to wait before the tables are read again, unless it is woken
     */
    private Duration relayAll() {
        try {
            WayOut.Turn events;
            WayOut.Turn letters;
            Set<String> left;
            do {
                count();
                left = paused.now();
                broker = null;
                events = emitted.take(left, this::send);
                letters = broker == null ? copies.take(paused.now(), this::send) : WayOut.Turn.EMPTY;
                if (broker != null) {
                    failures.report(BROKER, broker.cause(), "nothing can be sent to Kafka: " + broker.message());
                    return outage.failed(new BrokerFailure(broker));
                }
            } while ((events == WayOut.Turn.WORKED || letters == WayOut.Turn.WORKED) && !stopping.isDone());
            outage.succeeded();
            forget(left);
            if (events == WayOut.Turn.BUSY) {
                // The other instance may have read the outbox before our event was committed.
                return whileBusy.next();
            }
            whileBusy.reset();
            return paused.untilNext()
                    .filter(pause -> pause.compareTo(config.pollEvery()) < 0)
                    .orElse(config.pollEvery());
        } catch (RuntimeException | Error e) {
            if (Unavailable.is(e)) {
                failures.report(BROKER, Cause.OUTAGE, "nothing is sent to Kafka: " + Unavailable.message(e));
            } else {
                failures.report(BROKER, Cause.DEFECT, "nothing is sent to Kafka: " + failures.defect(BROKER, e));
            }
            return outage.failed(e);
        }
    }

    private SendOutcome send(List<Outgoing> events) {
        SendOutcome outcome = sender.send(events);
        outcome.failedTopics().forEach(this::wait);
        outcome.workingTopics().forEach(this::goOn);
        report(events, outcome);
        broker = outcome.brokerFailure().orElse(null);
        return outcome;
    }

    private void wait(String topic, SendFailure failure) {
        EnumSet.complementOf(EnumSet.of(failure.cause())).forEach(other -> failures.over(Scope.topic(topic), other));
        failures.report(Scope.topic(topic), failure.cause(), failure.message());
        if (failure.cause() == Cause.DEFECT) {
            failures.defect(Scope.topic(topic), failure.failure());
        }
        if (paused.failed(topic)) {
            LOG.warnf("events wait for their topic topic=%s error=%s", topic, failure.message());
            meters.counter("leat.outbox.outages", "topic", topic).increment();
        }
    }

    private void goOn(String topic) {
        if (paused.worked(topic)) {
            failures.over(Scope.topic(topic));
            LOG.infof("events go to their topic again topic=%s", topic);
        }
    }

    /** Topics whose pause was over, and that nothing waits for now: another instance has sent it, or it was evicted. */
    private void forget(Set<String> left) {
        for (String topic : paused.exceptFor(left)) {
            goOn(topic);
        }
    }

    /** One line for the events of a turn, however many they are. */
    private static void report(List<Outgoing> events, SendOutcome outcome) {
        Map<Long, String> refused = outcome.sent().refused();
        events.stream()
                .filter(event -> refused.containsKey(event.id()))
                .findFirst()
                .ifPresent(first -> LOG.warnf(
                        "set aside what Kafka can never take events=%d first=%d topic=%s error=%s",
                        refused.size(), first.id(), first.topic(), refused.get(first.id())));
    }

    private void count() {
        long now = System.nanoTime();
        if (now - countedAt > config.pollEvery().toNanos()) {
            gauges.count(emitted, copies);
            countedAt = now;
        }
    }

    private static final class BrokerFailure extends RuntimeException {
        BrokerFailure(SendFailure failure) {
            super(failure.message(), failure.failure());
        }
    }

    private final class RelayOutage implements Outage.Listener {

        @Override
        public void began(Throwable failure) {
            if (!stopping.isDone()) {
                LOG.warnf("outage, nothing is sent to Kafka for now error=%s", failure.getMessage());
            }
        }

        @Override
        public void ended(Duration lasted) {
            failures.over(BROKER);
            LOG.infof("outage over, events are sent to Kafka again after=%s", lasted);
        }
    }
}
