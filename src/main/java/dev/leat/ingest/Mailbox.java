package dev.leat.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a lane has been handed and hasn't taken yet. Says when it is full; a partition that goes on all the same is
 * stored, because a record once polled must not be lost, so it may overshoot by what one poll brings.
 *
 * <p>Filled by the channel's event loop, emptied by the lane; every method holds the lock.
 */
final class Mailbox {

    private final int fullAtRecords;
    private final long fullAtBytes;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean full;
    private boolean closed;

    Mailbox(int fullAtRecords, long fullAtBytes) {
        this.fullAtRecords = fullAtRecords;
        this.fullAtBytes = fullAtBytes;
    }

    /** @return whether the mailbox has become full by this, so that the partition should be paused */
    synchronized boolean put(List<ConsumerRecord<byte[], byte[]>> run) {
        if (closed) {
            return false;
        }
        for (ConsumerRecord<byte[], byte[]> record : run) {
            waiting.add(record);
            bytes += sizeOf(record);
        }
        notifyAll();
        boolean becameFull = !full && (waiting.size() >= fullAtRecords || bytes >= fullAtBytes);
        full |= becameFull;
        return becameFull;
    }

    /**
     * What is there, up to these bounds; waits only while nothing is.
     *
     * @return empty when the mailbox was closed
     */
    synchronized List<ConsumerRecord<byte[], byte[]>> take(int atMostRecords, long atMostBytes)
            throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>(Math.min(waiting.size(), atMostRecords));
        long takenBytes = 0;
        while (!closed && !waiting.isEmpty() && taken.size() < atMostRecords && takenBytes < atMostBytes) {
            ConsumerRecord<byte[], byte[]> record = waiting.poll();
            takenBytes += sizeOf(record);
            taken.add(record);
        }
        bytes -= takenBytes;
        return taken;
    }

    /** @return whether there is room again after the mailbox was full, so that the partition should be resumed */
    synchronized boolean hasRoomAgain() {
        if (full && waiting.size() <= fullAtRecords / 2 && bytes <= fullAtBytes / 2) {
            full = false;
            return true;
        }
        return false;
    }

    synchronized boolean isFull() {
        return full;
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
        // 100 bytes and more of objects around each record count as well.
        return 100L + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
}
