package dev.leat.ingest;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What was polled for a lane and hasn't been taken by it yet. Says when it is full; what is polled all the same is stored,
 * because it must not be lost.
 *
 * <p>The polling thread announces, the channel's event loop fills, the lane empties; every method holds the lock.
 */
final class Mailbox {

    // What the objects of a 64-bit JVM take around a record's bytes, and around each of its headers.
    private static final long OBJECTS_OF_RECORD = 250;
    private static final long OBJECTS_OF_HEADER = 150;

    private final LongSupplier fullAtBytes;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
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
    synchronized boolean announce(List<ConsumerRecord<byte[], byte[]>> run) {
        for (ConsumerRecord<byte[], byte[]> record : run) {
            bytes += memoryOf(record);
        }
        boolean becomesFull = !full && bytes >= fullAtBytes.getAsLong();
        full |= becomesFull;
        return becomesFull;
    }

    /** Stores what was announced. */
    synchronized void put(List<ConsumerRecord<byte[], byte[]>> run) {
        if (!closed) {
            waiting.addAll(run);
            notifyAll();
        }
    }

    /**
     * What is there, up to these bounds; waits only while nothing is.
     *
     * @param atMostBytes of keys and values; the first record may be larger
     * @return empty when nothing came within the time, or the mailbox was closed
     */
    synchronized List<ConsumerRecord<byte[], byte[]>> take(int atMostRecords, long atMostBytes, Duration within)
            throws InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        long left = within.toMillis();
        while (waiting.isEmpty() && !closed && left > 0) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
        List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>(Math.min(waiting.size(), atMostRecords));
        long takenBytes = 0;
        while (!closed && !waiting.isEmpty() && taken.size() < atMostRecords && takenBytes < atMostBytes) {
            ConsumerRecord<byte[], byte[]> record = waiting.poll();
            takenBytes += sizeOf(record);
            bytes -= memoryOf(record);
            taken.add(record);
        }
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
        bytes = 0;
        full = false;
    }

    synchronized void close() {
        closed = true;
        waiting.clear();
        bytes = 0;
        notifyAll();
    }

    private static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    private static long memoryOf(ConsumerRecord<byte[], byte[]> record) {
        long memory = OBJECTS_OF_RECORD + sizeOf(record);
        for (Header header : record.headers()) {
            int value = header.value() == null ? 0 : header.value().length;
            memory += OBJECTS_OF_HEADER + header.key().length() + value;
        }
        return memory;
    }
}
