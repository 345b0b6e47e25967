package dev.leat.ingest.lane.status;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.retry.Backoff;
import dev.leat.retry.Outage;
import dev.leat.retry.Retry;
import dev.leat.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * A lane's state, and how it waits: retries while something is unavailable ({@code leat.ingest.backoff-*}), tells when an
 * outage begins and when it is over, rests until somebody resumes it, and stops waiting when the lane is closed. What fails
 * is on the board of {@link Failures} meanwhile. The lane's thread only, but for what is said below.
 */
public final class LaneStatus {

    private static final Logger LOG = Logger.getLogger(LaneStatus.class);

    /** Defects with so much time between them aren't one and the same. */
    private static final Duration LONG_AGO = Duration.ofMinutes(1);

    private final TopicPartition partition;
    private final Scope scope;
    private final LaneMeters meters;
    private final Failures failures;
    private final int defectTries;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final Outage outage;
    private final Retry retry;

    // In a row. Something that goes through between two of them doesn't mend the second one.
    private int defects;
    private long lastDefect;

    // Set by whoever watches, unset by the lane.
    private volatile String blockedBy;

    // In the attempt under way or, after it, in the last one. Set by whoever watches, unset by the lane.
    private volatile boolean waitedForLock;

    // Set by the lane, read by health.
    private volatile LaneState state = new LaneState.Opening();

    public LaneStatus(TopicPartition partition, RetryConfig config, LaneMeters meters, Failures failures) {
        this.partition = partition;
        this.scope = Scope.lane(partition.topic(), partition.partition());
        this.meters = meters;
        this.failures = failures;
        this.defectTries = config.defectTries();
        this.outage = new Outage(new Backoff(config.backoffMin(), config.backoffMax()), new OutageLog());
        this.retry = new Retry(outage, Unavailable::is, closing);
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
            String message = Unavailable.message(failure);
            String holder = blockedBy;
            if (holder != null && Unavailable.isTimeout(failure)) {
                message += "; " + holder;
            }
            LOG.warnf(
                    "outage, lane waits topic=%s partition=%d error=%s",
                    partition.topic(), partition.partition(), message);
            LOG.debug("outage", failure);
            meters.outage(partition);
            waits(message);
        }

        @Override
        public void ended(Duration lasted) {
            failures.over(scope, Failure.Cause.OUTAGE);
            LOG.infof(
                    "outage over, lane goes on topic=%s partition=%d after=%s",
                    partition.topic(), partition.partition(), lasted);
        }
    }

    private void waits(String reason) {
        state = state.afterFailure(reason, Instant.now());
        failures.report(scope, Failure.Cause.OUTAGE, reason);
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

    /**
     * Somebody has to look: waits until the lane is resumed, and then returns.
     *
     * @throws Closing closed meanwhile
     */
    public void stop(String reason) throws InterruptedException {
        LOG.errorf("lane stopped topic=%s partition=%d error=%s", partition.topic(), partition.partition(), reason);
        state = state.afterStop(reason);
        awaitResume(Failure.Cause.REFUSED, reason);
    }

    /**
     * Somebody has to choose how the lane goes on: waits until it is resumed. Returns after a while in any case, for the lane
     * to look again, because another instance may have been told the choice.
     *
     * @throws Closing closed meanwhile
     */
    public void undecided(String reason, Duration lookAgain) throws InterruptedException {
        if (!new LaneState.Stopped(reason).equals(state)) {
            LOG.errorf("lane stopped topic=%s partition=%d error=%s", partition.topic(), partition.partition(), reason);
        }
        state = state.afterStop(reason);
        CompletableFuture<Void> resumed = new CompletableFuture<>();
        failures.rest(scope, Failure.Cause.REFUSED, reason, () -> resumed.complete(null));
        await(resumed.completeOnTimeout(null, lookAgain.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * A fault of Leat's own: pauses, for it to be tried again, or rests when that was in vain so often.
     *
     * @throws Closing closed meanwhile
     */
    public void defect(Throwable fault) throws InterruptedException {
        String reason = failures.defect(scope, fault);
        long now = System.nanoTime();
        defects = now - lastDefect > LONG_AGO.toNanos() ? 1 : defects + 1;
        lastDefect = now;
        if (defects < defectTries) {
            state = state.afterFailure(reason, Instant.now());
            failures.report(scope, Failure.Cause.DEFECT, reason);
            pause();
            return;
        }
        LOG.errorf(
                "lane rests topic=%s partition=%d tries=%d error=%s",
                partition.topic(), partition.partition(), defects, reason);
        state = state.afterDefect(reason);
        awaitResume(Failure.Cause.DEFECT, reason);
        defects = 0;
    }

    private void awaitResume(Failure.Cause cause, String reason) throws InterruptedException {
        CompletableFuture<Void> resumed = new CompletableFuture<>();
        failures.rest(scope, cause, reason, () -> resumed.complete(null));
        await(resumed);
        outage.succeeded();
        state = state.afterResume();
    }

    /** It may not open yet: its stream is parked, and that is what fails. */
    public void parked(String reason) {
        state = state.afterFailure(reason, Instant.now());
    }

    /** Its transaction waits for somebody else's lock. Any thread. */
    public void blocked(String reason) {
        if (state instanceof LaneState.Flowing || state instanceof LaneState.Waiting) {
            if (blockedBy == null) {
                LOG.warnf(
                        "lane waits topic=%s partition=%d error=%s", partition.topic(), partition.partition(), reason);
            }
            blockedBy = reason;
            waitedForLock = true;
            waits(reason);
        }
    }

    /** An attempt begins. */
    public void attempts() {
        waitedForLock = false;
    }

    /** Whether the last attempt has waited for a lock, as far as that was seen. */
    public boolean hasWaitedForLock() {
        return waitedForLock;
    }

    /** The lane's thread has ended in order. */
    public void ended() {
        state = state.afterEnd();
        failures.over(scope);
    }

    /**
     * The lane's thread ends though nobody has closed it.
     *
     * @param resume opens the lane again
     */
    public void broken(Throwable fault, Runnable resume) {
        String reason = "its thread has ended: " + failures.defect(scope, fault);
        state = state.afterDefect(reason);
        failures.rest(scope, Failure.Cause.DEFECT, reason, resume);
    }

    /** Another thread goes on for the one that has ended. */
    public void revived() {
        state = state.afterResume();
    }

    /**
     * The lane is open, or idle. That ends an outage, but not its backoff, because nothing was applied. Nor does it end a
     * defect of a moment ago.
     */
    public void flowing() {
        outage.over();
        if (defects == 0 || System.nanoTime() - lastDefect > LONG_AGO.toNanos()) {
            flows();
        }
    }

    /** Something went through: the next pause is a short one again. */
    public void progressed() {
        outage.succeeded();
        flows();
    }

    private void flows() {
        if (!(state instanceof LaneState.Flowing)) {
            blockedBy = null;
            // A lane that is undecided looks again by itself.
            state = state instanceof LaneState.Stopped ? state.afterResume().afterProgress() : state.afterProgress();
            failures.over(scope);
        }
    }

    /** The lane waits, and nothing is wrong. */
    public void waitsFor(String reason) {
        state = state instanceof LaneState.Waiting waiting
                ? new LaneState.Waiting(reason, waiting.since())
                : state.afterFailure(reason, Instant.now());
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
