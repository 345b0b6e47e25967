package dev.leat.lake.write;

import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.lake.manifest.Ownership;
import dev.leat.schema.types.Rows;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Writes one stream's rows of one lane to the lake. Events below {@link #nextOffset()} count, exactly once; all others must
 * be handed over again after a crash. A thread of its own compresses, because that would pin the carrier of the lane's
 * virtual thread. {@code leat.lake.queue} bounds how many batches the lane may be ahead.
 *
 * <p>{@code accept}, {@code drain} and {@code close} are for one caller at a time; {@code nextOffset} is for any thread.
 */
public final class LakeLane implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LakeLane.class);
    private static final HandOver WAKE = new HandOver(null, -1);

    private final Ownership owner;
    private final LakeWriter writer;
    private final BlockingQueue<HandOver> queue;
    private final Duration stallAfter;
    private final CompletableFuture<Void> closed;
    private final Thread thread;

    // Set once each, by the caller or by the writer's thread; read by both.
    private volatile boolean draining;
    // Set by the caller, unset by the writer's thread once it has written all that it was given.
    private volatile boolean completing;
    private volatile Throwable failure;

    private record HandOver(Rows rows, long nextOffset) {}

    /**
     * @param stallAfter for how long the writer may take nothing
     * @param closed ends the writer's retries; the lane completes it
     */
    public LakeLane(
            Ownership owner, LakeWriter writer, int queue, Duration stallAfter, CompletableFuture<Void> closed) {
        this.owner = owner;
        this.writer = writer;
        this.queue = new ArrayBlockingQueue<>(queue);
        this.stallAfter = stallAfter;
        this.closed = closed;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("lake-" + owner.stream().name() + "-" + owner.partition())
                .unstarted(this::write);
    }

    public LakeLane start() {
        thread.start();
        return this;
    }

    /** The lake's checkpoint: events from here on don't count yet and are needed again after a crash. */
    public long nextOffset() {
        return writer.nextOffset();
    }

    /**
     * Hands over a batch's rows; those that were handed over before are dropped. Blocks while the writer's queue is full.
     *
     * @param rows may be empty
     * @param nextOffset offset after the batch; the checkpoint advances to it even if the batch gave no row
     * @throws LakeInterrupted the writer has ended, or stalls; close this, open another, and go on from the checkpoint
     */
    public void accept(Rows rows, long nextOffset) {
        throwIfInterrupted();
        try {
            if (!queue.offer(new HandOver(rows, nextOffset), stallAfter.toMillis(), TimeUnit.MILLISECONDS)) {
                // A disk or a lock that doesn't answer must not stop the lane.
                throw interrupted(
                        "its writer stalls", new IOException("the writer has taken nothing for " + stallAfter));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted("its caller was interrupted", e);
        }
        // A writer that failed in between has cleared the queue before the last hand-over, and won't read it again.
        throwIfInterrupted();
    }

    /** Why the writer has ended; empty while it hasn't. An idle lane is told nothing else. */
    public Optional<LakeInterrupted> failure() {
        return Optional.ofNullable(failure).map(cause -> interrupted(cause.getMessage(), cause));
    }

    /** Lets the writer complete its open files soon, however young they are. Waits for nothing. */
    public void completeFiles() {
        completing = true;
        queue.offer(WAKE);
    }

    /**
     * Ends in order: on return all accepted rows are written and count, if the writer manages within the time given. If
     * not, it is stopped, and the next owner gets the rest.
     */
    public void drain(Duration atMost) {
        draining = true;
        queue.offer(WAKE);
        try {
            if (!thread.join(atMost)) {
                LOG.warnf(
                        "lake not drained in time stream=%s topic=%s partition=%d offset=%d",
                        owner.stream().name(), owner.stream().topic(), owner.partition(), nextOffset());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Stops at once; files that don't count yet are left to the next owner's sweep. Doesn't wait for the thread. */
    @Override
    public void close() {
        if (failure == null) {
            failure = interrupted("it was closed", null);
        }
        closed.complete(null);
        queue.clear();
        queue.offer(WAKE);
    }

    /** The writer's thread. */
    private void write() {
        try {
            while (!isClosed() && !(draining && queue.isEmpty())) {
                HandOver next = awaitNext();
                if (next != null && next != WAKE && !isClosed()) {
                    writer.take(next.rows(), next.nextOffset());
                } else if (!isClosed()) {
                    writer.rollIfDue();
                }
                if (completing && queue.isEmpty() && !isClosed()) {
                    completing = false;
                    writer.roll();
                }
            }
            if (!isClosed()) {
                writer.roll();
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            writer.abandon();
        }
    }

    /** Null when the open range may be due by its age. */
    private HandOver awaitNext() throws InterruptedException {
        Optional<Duration> due = writer.untilDue();
        return due.isPresent() ? queue.poll(due.get().toMillis() + 1, TimeUnit.MILLISECONDS) : queue.take();
    }

    private void fail(Throwable cause) {
        boolean wasClosed = isClosed();
        failure = cause;
        // Releases a caller who waits for room; it sees the failure then.
        queue.clear();
        if (!wasClosed) {
            LOG.debugf(
                    cause,
                    "lake interrupted stream=%s topic=%s partition=%d offset=%d",
                    owner.stream().name(),
                    owner.stream().topic(),
                    owner.partition(),
                    nextOffset());
        }
    }

    private boolean isClosed() {
        return closed.isDone();
    }

    private void throwIfInterrupted() {
        Throwable cause = failure;
        if (cause != null) {
            throw interrupted(cause.getMessage(), cause);
        }
    }

    private LakeInterrupted interrupted(String reason, Throwable cause) {
        return cause instanceof LakeInterrupted already
                ? already
                : new LakeInterrupted(owner.stream().name(), owner.partition(), reason, cause);
    }
}
