package dev.leat.ingest.lane.feed;

import dev.leat.failure.Failure.Cause;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.failure.Unavailable;
import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.lake.write.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.retry.Backoff;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.types.Rows;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * One stream's lake in one lane, through what happens to it:
 *
 * <pre>
 *   open ── can't be written ──▶ waiting ── it is time, and it can be written ──▶ open, from its checkpoint
 *     │                             │
 *     │ has lost events             │ a defect, for the last time
 *     ▼                             ▼
 *   resting ── somebody resumes it ──▶ open
 * </pre>
 *
 * While it isn't open, its rows are dropped: Kafka has them, and it gets them again from its checkpoint on. The lane's
 * thread only, but for what is said below.
 */
final class LaneLake {

    private static final Logger LOG = Logger.getLogger(LaneLake.class);

    private final Stream stream;
    private final int partition;
    private final LakeSource source;
    private final Failures failures;
    private final Scope scope;
    private final Backoff backoff;
    private final int defectTries;
    private final InstantSource clock;

    private long begin = -1; // where it begins if it is new
    private LakeLane open; // null while it waits or rests
    private long openedAt; // milliseconds since 1970
    private long tryAt; // the same; while it waits
    private boolean failing; // it has failed, and nothing has counted since
    private boolean rests;
    private int defects; // since something has counted
    private long committed; // the checkpoint when it was opened
    private long handedOver; // offset after the last batch that it was given
    private long proveAt = Long.MAX_VALUE; // offset at which it completes its files early, to see that it can
    private OptionalLong skipTo = OptionalLong.empty(); // where it goes on when it is resumed
    // Set by whoever resumes it.
    private volatile boolean resumed;

    LaneLake(
            Stream stream,
            int partition,
            LakeSource source,
            Failures failures,
            RetryConfig waits,
            InstantSource clock) {
        this.stream = stream;
        this.partition = partition;
        this.source = source;
        this.failures = failures;
        this.scope = Scope.lake(stream.name(), partition);
        this.backoff = new Backoff(waits.backoffMin(), waits.backoffMax());
        this.defectTries = waits.defectTries();
        this.clock = clock;
    }

    Stream stream() {
        return stream;
    }

    boolean isOpen() {
        return open != null;
    }

    /** Opens it, unless it rests or it isn't time yet. */
    void open(long startIfNew) {
        if (rests && !resumed || failing && !resumed && clock.millis() < tryAt) {
            return;
        }
        // A lake that can't be created now isn't to begin later for that.
        begin = begin < 0 ? startIfNew : Math.min(begin, startIfNew);
        rests = false;
        resumed = false;
        openedAt = clock.millis();
        try {
            if (skipTo.isPresent()) {
                source.skipTo(stream, partition, skipTo.getAsLong());
                skipTo = OptionalLong.empty();
            }
            open = source.open(stream, partition, begin);
            committed = open.nextOffset();
            handedOver = committed;
        } catch (RuntimeException e) {
            // The folder, or the lake's tables. Where Postgres is away altogether, the lane itself will notice.
            if (Unavailable.is(e)) {
                fail(e);
            } else {
                broken(e);
            }
        }
    }

    /**
     * Rests, if retention has removed events that it hasn't got. To go on silently would leave a hole.
     *
     * @param beginning of the log
     */
    void requireInLog(long beginning) {
        if (open == null || open.nextOffset() >= beginning) {
            return;
        }
        String message = "the lake of stream '" + stream.name() + "' lacks the events of " + stream.topic() + "-"
                + partition + " from offset " + open.nextOffset() + " to " + (beginning - 1)
                + ": retention has removed them before it could be written. Resume it to go on from offset " + beginning
                + "; the files from before stay, and rebuilds from the lake begin there";
        skipTo = OptionalLong.of(beginning);
        LOG.errorf(
                "lake rests, events are lost to it stream=%s topic=%s partition=%d error=%s",
                stream.name(), stream.topic(), partition, message);
        rest(Cause.REFUSED, message);
    }

    private void rest(Cause cause, String message) {
        close();
        rests = true;
        failing = true;
        resumed = false;
        failures.over(scope);
        failures.rest(scope, cause, message, () -> resumed = true);
    }

    /** The checkpoint; empty while it isn't open. */
    OptionalLong nextOffset() {
        return open == null ? OptionalLong.empty() : OptionalLong.of(open.nextOffset());
    }

    /**
     * From where on it gets events again: once it has them up to there, it completes its files early, so that a failure is
     * over as soon as it can be known.
     */
    void catchUpTo(long offset) {
        proveAt = failing ? offset : Long.MAX_VALUE;
        proveIfDue();
    }

    void accept(Rows rows, long end) {
        if (open == null) {
            return;
        }
        try {
            open.accept(rows, end);
            handedOver = end;
            proveIfDue();
        } catch (LakeInterrupted e) {
            interrupted(e);
        }
    }

    private void proveIfDue() {
        if (open != null && handedOver >= proveAt) {
            proveAt = Long.MAX_VALUE;
            open.completeFiles();
        }
    }

    /**
     * Notices what has become of it.
     *
     * @return whether it can be opened again now; the lane is to go back to its checkpoint then
     */
    boolean look() {
        if (open == null) {
            return resumed || !rests && clock.millis() >= tryAt && isWritable();
        }
        open.failure().ifPresent(this::interrupted);
        if (open != null && failing && (open.nextOffset() > committed || open.nextOffset() >= handedOver)) {
            failing = false;
            defects = 0;
            backoff.reset();
            failures.over(scope);
            LOG.infof(
                    "lake goes on stream=%s topic=%s partition=%d offset=%d",
                    stream.name(), stream.topic(), partition, open.nextOffset());
        }
        return false;
    }

    private boolean isWritable() {
        try {
            source.requireWritable(stream, partition);
            return true;
        } catch (IOException e) {
            fail(e);
            return false;
        }
    }

    /** @throws LakeInterrupted another instance owns it: the lane itself has to see to that */
    private void interrupted(LakeInterrupted failure) {
        Throwable cause = failure.getCause();
        if (failure.isSuperseded() || cause instanceof InterruptedException) {
            close();
            throw failure;
        }
        if (cause instanceof VirtualMachineError e && !(e instanceof StackOverflowError)) {
            throw e;
        }
        if (Unavailable.is(cause)) {
            fail(cause);
        } else {
            broken(cause);
        }
    }

    private void fail(Throwable failure) {
        // How long it has read again in vain. What it has written before it failed has nothing to do with that.
        long took = failing && open != null ? Math.max(0, clock.millis() - openedAt) : 0;
        close();
        String message = "the lake of stream '" + stream.name() + "' can't be written in partition " + partition
                + ", and is tried again; the views go on: " + Unavailable.message(failure);
        if (!failing) {
            LOG.warnf(
                    "outage, lake waits stream=%s topic=%s partition=%d error=%s",
                    stream.name(), stream.topic(), partition, message);
        }
        failing = true;
        // No more often than half of the time goes to reading again.
        tryAt = clock.millis() + Math.max(backoff.next().toMillis(), took);
        failures.report(scope, Cause.OUTAGE, message);
    }

    private void broken(Throwable failure) {
        close();
        failing = true;
        String message = "the lake of stream '" + stream.name() + "' can't be written in partition " + partition
                + "; the views go on: " + failures.defect(scope, failure);
        if (++defects >= defectTries) {
            rest(Cause.DEFECT, message);
        } else {
            tryAt = clock.millis() + backoff.next().toMillis();
            failures.report(scope, Cause.DEFECT, message);
        }
    }

    /** Completes open files, which would else be left to the next owner. */
    void drain(Duration within) {
        if (open != null) {
            open.drain(within);
        }
    }

    void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /** The partition goes elsewhere, and whoever has it then says how its lake is. */
    void forget() {
        failures.over(scope);
    }
}
