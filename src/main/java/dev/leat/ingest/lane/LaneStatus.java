package dev.leat.ingest.lane;

import dev.leat.ingest.IngestConfig;
import dev.leat.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * How a lane is, and its patience: waits out outages with backoff ({@code leat.ingest.backoff-*}), says when one begins
 * and when it is over, and stops waiting when the lane is closed. The lane's thread only, but for what is said below.
 */
final class LaneStatus {

    private static final Logger LOG = Logger.getLogger(Lane.class);

    private final TopicPartition partition;
    private final Backoff backoff;
    private final LaneMeters meters;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();

    // Set by the lane, read by health.
    private volatile LaneState state = new LaneState.Opening();

    LaneStatus(TopicPartition partition, IngestConfig config, LaneMeters meters) {
        this.partition = partition;
        this.backoff = new Backoff(config.backoffMin(), config.backoffMax(), ThreadLocalRandom.current());
        this.meters = meters;
    }

    /** Thrown to the lane's loop when it was closed while it waited; nothing is wrong. */
    static final class Closing extends RuntimeException {
        Closing() {
            super("the lane is closing", null, false, false);
        }
    }

    /** Any thread. */
    LaneState state() {
        return state;
    }

    /** Ends all waiting. Any thread. */
    void close() {
        closing.complete(null);
    }

    boolean isClosing() {
        return closing.isDone();
    }

    void requireOpen() {
        if (isClosing()) {
            throw new Closing();
        }
    }

    void stopped(String reason) {
        state = new LaneState.Stopped(reason);
        LOG.errorf("lane stopped topic=%s partition=%d error=%s", partition.topic(), partition.partition(), reason);
        close();
    }

    void ended() {
        if (!(state instanceof LaneState.Stopped)) {
            state = new LaneState.Closed();
        }
    }

    void flowing() {
        if (state instanceof LaneState.Flowing) {
            return;
        }
        if (state instanceof LaneState.Waiting waiting) {
            LOG.infof(
                    "outage over, lane goes on topic=%s partition=%d after=%s",
                    partition.topic(), partition.partition(), Duration.between(waiting.since(), Instant.now()));
        }
        state = new LaneState.Flowing();
    }

    /** A batch went through: the next pause is a short one again. */
    void progressed() {
        flowing();
        backoff.reset();
    }

    /**
     * Asks until there is an answer; what isn't an outage passes. An answer alone doesn't end an outage: the lane waits
     * until something goes through.
     */
    <T> T insist(Supplier<T> question) throws InterruptedException {
        while (true) {
            try {
                return question.get();
            } catch (RuntimeException e) {
                if (!(FailureVerdict.of(e) instanceof FailureVerdict.Outage outage)) {
                    throw e;
                }
                waitOut(outage, e);
            }
        }
    }

    void waitOut(FailureVerdict.Outage outage, RuntimeException failure) throws InterruptedException {
        requireOpen();
        if (!(state instanceof LaneState.Waiting)) {
            LOG.warnf(
                    "outage, lane waits topic=%s partition=%d error=%s",
                    partition.topic(), partition.partition(), outage.message());
            LOG.debug("outage", failure);
            meters.outage(partition);
            state = new LaneState.Waiting(outage.message(), Instant.now());
        }
        pause();
    }

    /** The next pause of the backoff, shorter when the lane is closed. */
    void pause() throws InterruptedException {
        try {
            closing.get(backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The pause is over.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for an answer of the polling thread, which itself may be waiting for this lane to close. */
    <T> T await(CompletableFuture<T> answer) throws InterruptedException {
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

    CompletableFuture<Void> closing() {
        return closing;
    }
}
