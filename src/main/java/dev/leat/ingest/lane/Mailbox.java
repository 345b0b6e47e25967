package dev.leat.ingest.lane;

import dev.leat.schema.wire.Records;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What was polled for a lane and not taken by it yet. Says when it is full. What is polled all the same is stored, because
 * it must not be lost.
 *
 * <p>The polling thread announces, the channel's event loop puts, the lane takes. Every method that touches a field holds
 * the lock.
 */
final class Mailbox {

    private final LongSupplier fullAtBytes;
    private final Deque<Records> waiting = new ArrayDeque<>();
    private int records; // of those
    private int wanted = 1; // before whoever waits is woken
    private long bytes;
    private boolean full;
    private boolean closed;

    /** @param fullAtBytes the lane's share of the memory for waiting events, which changes with the number of lanes */
    Mailbox(LongSupplier fullAtBytes) {
        this.fullAtBytes = fullAtBytes;
    }

    /**
     * Counts records that are about to be put.
     *
     * @return whether the mailbox becomes full by them, so that the partition should be paused
     */
    synchronized boolean announce(Records run) {
        bytes += run.memory();
        boolean becomesFull = !full && bytes >= fullAtBytes.getAsLong();
        full |= becomesFull;
        return becomesFull;
    }

    /** Stores what was announced. */
    synchronized void put(Records run) {
        if (!closed) {
            waiting.add(run);
            records += run.size();
            if (records >= wanted || full) {
                notifyAll();
            }
        }
    }

    /** Waits until so many records are there, or all that have room, but only up to this moment of {@link System#nanoTime}. */
    synchronized void gather(int atLeast, long until) throws InterruptedException {
        wanted = atLeast;
        long left = (until - System.nanoTime()) / 1_000_000;
        while (records < atLeast && !full && !closed && left > 0) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
        wanted = 1;
    }

    /**
     * What is there, up to these bounds; waits only while nothing is.
     *
     * @param atMostBytes of keys and values; the first record may be larger
     * @return empty when nothing came within the time, or the mailbox was closed
     */
    Records take(int atMostRecords, long atMostBytes, Duration within) throws InterruptedException {
        // Copied without the lock, so that the polling thread doesn't wait for it.
        return Records.together(runs(atMostRecords, Math.min(atMostBytes, Records.MOST_BYTES), within));
    }

    private synchronized List<Records> runs(int atMostRecords, long atMostBytes, Duration within)
            throws InterruptedException {
        await(within);
        List<Records> taken = new ArrayList<>();
        int recordsLeft = atMostRecords;
        long bytesLeft = atMostBytes;
        while (!waiting.isEmpty() && recordsLeft > 0) {
            Records run = waiting.peek();
            int fit = run.within(recordsLeft, bytesLeft);
            if (fit == 0 && !taken.isEmpty()) {
                break;
            }
            Records part = takeFirst(Math.max(1, fit));
            taken.add(part);
            recordsLeft -= part.size();
            bytesLeft -= part.bytes();
        }
        return taken;
    }

    private void await(Duration within) throws InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        long left = within.toMillis();
        while (waiting.isEmpty() && !closed && left > 0) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
    }

    /** So many of the first run. */
    private Records takeFirst(int records) {
        Records run = waiting.remove();
        if (records < run.size()) {
            waiting.addFirst(run.slice(records, run.size()));
        }
        Records taken = run.slice(0, records);
        bytes -= taken.memory();
        this.records -= records;
        return taken;
    }

    /** @return whether there is room again after the mailbox was full, so that the partition should be resumed */
    synchronized boolean hasRoomAgain() {
        if (full && bytes <= fullAtBytes.getAsLong() / 2) {
            full = false;
            return true;
        }
        return false;
    }

    synchronized boolean isFull() {
        return full;
    }

    /** What the records that were announced and not yet taken take of the memory, about. */
    synchronized long bytes() {
        return bytes;
    }

    synchronized void clear() {
        waiting.clear();
        records = 0;
        bytes = 0;
        full = false;
    }

    synchronized void close() {
        closed = true;
        waiting.clear();
        records = 0;
        bytes = 0;
        notifyAll();
    }
}
