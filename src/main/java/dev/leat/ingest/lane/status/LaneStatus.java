package dev.leat.ingest.lane.status;

import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import dev.leat.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * A lane's state, and how it waits: retries while something is unavailable ({@code leat.ingest.backoff-*}), tells when an
 * outage begins and when it is over, and stops waiting when the lane is closed. The lane's thread only, but for what is said
 * below.
 */
public final class LaneStatus {

    private static final Logger LOG = Logger.getLogger(LaneStatus.class);

    private final TopicPartition partition;
    private final LaneMeters meters;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final Outage outage;
    private final Retry retry;

    // Set by the lane, read by health.
    private volatile LaneState state = new LaneState.Opening();

    public LaneStatus(TopicPartition partition, RetryConfig config, LaneMeters meters) {
        this.partition = partition;
        this.meters = meters;
        this.outage = new Outage(new Backoff(config.backoffMin(), config.backoffMax()), new OutageLog());
        this.retry = new Retry(outage, e -> FailureVerdict.of(e) instanceof FailureVerdict.Outage, closing);
    }

    /** Thrown to the lane's loop when it was closed while it waited; nothing is wrong. */
    public static final class Closing extends RuntimeException {
        public Closing() {
            super("the lane is closing", null, false, false);
        }
    }

    private final class OutageLog implements Outage.Listener {

        @Override
        public void began(Throwable failure) {
            String message = failure.getMessage();
            if (FailureVerdict.of(failure) instanceof FailureVerdict.Outage verdict) {
                message = verdict.message();
            }
            LOG.warnf(
                    "outage, lane waits topic=%s partition=%d error=%s",
                    partition.topic(), partition.partition(), message);
            LOG.debug("outage", failure);
            meters.outage(partition);
            state = state.afterOutage(message, Instant.now());
        }

        @Override
        public void ended(Duration lasted) {
            LOG.infof(
                    "outage over, lane goes on topic=%s partition=%d after=%s",
                    partition.topic(), partition.partition(), lasted);
        }
    }

    /** Any thread. */
    public LaneState state() {
        return state;
    }

    /** Ends all waiting. Any thread. */
    public void close() {
        closing.complete(null);
    }

    public boolean isClosing() {
        return closing.isDone();
    }

    public void requireOpen() {
        if (isClosing()) {
            throw new Closing();
        }
    }

    public void stopped(String reason) {
        state = state.afterStop(reason);
        LOG.errorf("lane stopped topic=%s partition=%d error=%s", partition.topic(), partition.partition(), reason);
        close();
    }

    public void ended() {
        state = state.afterEnd();
    }

    /** The lane is open, or idle. That ends an outage, but not its backoff, because nothing was applied. */
    public void flowing() {
        outage.over();
        state = state.afterProgress();
    }

    /** Something went through: the next pause is a short one again. */
    public void progressed() {
        outage.succeeded();
        state = state.afterProgress();
    }

    /** Asks until there is an answer. An answer alone doesn't end an outage: the lane waits until something goes through. */
    public <T> T ask(Supplier<T> question) throws InterruptedException {
        return retry.ask(question::get);
    }

    /** As {@link #ask}, without an answer. */
    public void run(Runnable step) throws InterruptedException {
        retry.ask(() -> {
            step.run();
            return null;
        });
    }

    /** Pauses after a failure that the caller will retry. */
    public void backOff(RuntimeException failure) throws InterruptedException {
        retry.backOff(failure);
    }

    /** The next pause, without an outage. */
    public void pause() throws InterruptedException {
        retry.pause();
    }

    /** Waits for an answer of the polling thread, which itself may be waiting for this lane to close. */
    public <T> T await(CompletableFuture<T> answer) throws InterruptedException {
        try {
            CompletableFuture.anyOf(answer, closing).get();
            if (!answer.isDone()) {
                throw new Closing();
            }
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
