package dev.leat.ingest.lane;

import dev.leat.ingest.lane.feed.LaneLakes;
import dev.leat.ingest.lane.status.FailureReaction;
import dev.leat.ingest.lane.status.FailureVerdict;
import dev.leat.ingest.lane.status.LaneState;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.retry.RetryClosedException;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.wire.Records;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The strictly ordered processing of one topic-partition, on a virtual thread of its own. Applies each event from the
 * checkpoint on exactly once. After an outage it resumes by itself ({@code leat.ingest.backoff-*}); after losing the
 * partition to another instance it has changed nothing. After a defect it is tried again a few times, then it rests until
 * somebody resumes it. An {@link Error} of the virtual machine ends the process, with status 1.
 *
 * <pre>
 *   open ──▶ flow: receive a batch ({@link BatchReceiver}), take it all the way ({@link BatchPath})
 *     ▲        │
 *     │        │ the epoch is over, or a failure ({@link FailureVerdict})
 *     └── let go, react ({@link FailureReaction})
 * </pre>
 *
 * <p>How it is meanwhile: {@link LaneState}. Fields without a comment are touched by the lane's thread only.
 */
final class Lane implements Runnable {

    private static final Logger LOG = Logger.getLogger(Lane.class);

    private final TopicPartition partition;
    private final RetryConfig waits;
    private final LaneOpening opening;
    private final TopicIdentity identity;
    private final BatchReceiver receiver;
    private final BatchPath path;
    private final LaneLakes lakes;
    private final LogEnds logEnds;
    private final IdleMark idle;
    private final LaneStatus status;
    private final FailureReaction reaction;
    // Offset after the last event that was processed since the lane was opened, or after the gap that follows it.
    private long taken;

    // Of the thread that runs it now. Replaced by whoever resumes a lane whose thread has ended.
    private volatile CountDownLatch ended = new CountDownLatch(1);

    // The one that runs it now; null before.
    private volatile Thread thread;
    // Set once by whoever closes, before the status is told.
    private volatile boolean drains;

    Lane(
            TopicPartition partition,
            RetryConfig waits,
            LaneOpening opening,
            TopicIdentity identity,
            BatchReceiver receiver,
            BatchPath path,
            LaneLakes lakes,
            LogEnds logEnds,
            IdleMark idle,
            LaneStatus status,
            FailureReaction reaction) {
        this.partition = partition;
        this.waits = waits;
        this.opening = opening;
        this.identity = identity;
        this.receiver = receiver;
        this.path = path;
        this.lakes = lakes;
        this.logEnds = logEnds;
        this.idle = idle;
        this.status = status;
        this.reaction = reaction;
    }

    /** Takes records that were polled for this lane. Channel's event loop. */
    void offer(int polledIn, Records records) {
        receiver.offer(polledIn, records);
    }

    LaneState state() {
        return status.state();
    }

    boolean isRunBy(Thread other) {
        return thread == other;
    }

    /** Its transaction waits for somebody else's lock. Any thread. */
    void blocked(String reason) {
        status.blocked(reason);
    }

    TopicPartition partition() {
        return partition;
    }

    /** Memory of the events that wait, in bytes. Any thread. */
    long buffered() {
        return receiver.buffered();
    }

    /** How many events it takes at once now, at most. Any thread. */
    int batchRecords() {
        return receiver.batchRecords();
    }

    /** Ends after the batch in hand; the lake's open files are left to the next owner. Any thread. */
    void close() {
        status.close();
        receiver.close();
    }

    /** Ends after the batch in hand, and completes the lake's open files. Any thread. */
    void drain() {
        drains = true;
        close();
    }

    boolean awaitEnd(Duration atMost) {
        try {
            return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void run() {
        Throwable broken = null;
        thread = Thread.currentThread();
        try {
            while (!status.isClosing()) {
                openAndFlow();
            }
        } catch (LaneStatus.Closing | RetryClosedException e) {
            LOG.debugf("lane closed topic=%s partition=%d", partition.topic(), partition.partition());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (VirtualMachineError e) {
            // Out of memory, most likely. Other threads may be broken too.
            broken = e;
            LOG.fatalf(
                    e, "lane broken, the process ends topic=%s partition=%d", partition.topic(), partition.partition());
            Quarkus.asyncExit(1);
        } catch (Throwable e) {
            broken = e;
        } finally {
            end(broken);
        }
    }

    private void openAndFlow() throws InterruptedException {
        try {
            open();
            Optional<FailureVerdict> failed = flow();
            // Whoever closes has halted the partition already, and another lane of it may be open by now.
            status.requireOpen();
            letGo();
            if (failed.isPresent()) {
                reaction.react(failed.get());
            }
        } catch (LaneStatus.Closing | RetryClosedException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            status.requireOpen();
            letGo();
            reaction.recover(e);
        }
    }

    /** Nobody would miss a lane that just ends: what ends it is said. */
    private void end(Throwable broken) {
        try {
            closeLakes();
            lakes.forget();
            path.forget();
        } finally {
            if (status.isClosing()) {
                status.ended();
            } else {
                status.broken(
                        broken == null ? new IllegalStateException("nobody has closed it") : broken, this::revive);
            }
            ended.countDown();
        }
    }

    /** Another thread goes on where this one has ended, if the lane is still wanted. */
    private void revive() {
        if (!status.isClosing()) {
            ended = new CountDownLatch(1);
            status.revived();
            Thread.ofVirtual().name("lane-" + partition).start(this);
        }
    }

    /** Lets the partition flow from the lowest checkpoint of views and lakes. */
    private void open() throws InterruptedException {
        LaneOpening.Start start = opening.open();
        lakes.catchUpTo(start.checkpoint());
        taken = start.from();
        if (!status.await(receiver.flowFrom(start.from()))) {
            // Revoked in between; whoever revokes closes this lane too.
            throw new LaneStatus.Closing();
        }
        path.begin(start.checkpoint());
        idle.reset();
        status.flowing();
        LOG.infof("lane open topic=%s partition=%d offset=%d", partition.topic(), partition.partition(), start.from());
    }

    /**
     * Takes batch after batch, until the lane is closed or its epoch is over.
     *
     * @return a failure that ends it; empty when the lane may open again at once
     */
    private Optional<FailureVerdict> flow() throws InterruptedException {
        while (!status.isClosing()) {
            Records received = receiver.receive();
            if (isOver()) {
                return Optional.empty();
            }
            Optional<FailureVerdict> failed = Optional.empty();
            if (!received.isEmpty()) {
                receiver.batchBegins();
                failed = path.process(received);
                receiver.batchTook(received.size());
                taken = received.next();
            } else if (!status.isClosing()) {
                OptionalLong scanned = status.await(receiver.scannedTo(taken));
                if (scanned.isEmpty()) {
                    identity.suspect();
                    isOver();
                    return Optional.empty();
                }
                failed = idle(scanned.getAsLong());
            }
            // A lake that can be written again is to get what it has missed, whether events come or not.
            if (failed.isPresent() || lakes.look()) {
                return failed;
            }
            logEnds.look(path.next());
        }
        return Optional.empty();
    }

    /** Whether the topic is another one by now. Nobody can read the old one's events again, so what the lakes have counts. */
    private boolean isOver() throws InterruptedException {
        if (identity.isSame()) {
            return false;
        }
        lakes.drain(waits.drainWithin());
        return true;
    }

    /** Follows the log where it has gone on without an event, so that neither lag nor an autoscaler waits for one. */
    private Optional<FailureVerdict> idle(long scanned) throws InterruptedException {
        if (scanned > taken) {
            Optional<FailureVerdict> failed = path.passTo(scanned);
            if (failed.isPresent()) {
                return failed;
            }
            taken = scanned;
        }
        idle.save();
        status.flowing();
        return Optional.empty();
    }

    /** Nothing more comes in. What is on its way is dropped, and the next opening begins at the checkpoint. */
    private void letGo() {
        receiver.halt();
        closeLakes();
    }

    private void closeLakes() {
        if (drains) {
            lakes.drain(waits.drainWithin());
        }
        lakes.close();
    }
}
