package dev.leat.schema.wire;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keys and values of records, consecutive in one array. Filled by one thread, and then immutable. */
final class PackedRecords {

    private final long[] offsets;
    private final long[] timestamps;
    private final int[] ends; // of each key and each value; the complement of where it would end, when it is null
    private byte[] bytes;
    private int size;
    private int length;

    /** With room for so many records, and for so many bytes of them all; the bytes may grow. */
    PackedRecords(int records, long bytes) {
        this.offsets = new long[records];
        this.timestamps = new long[records];
        this.ends = new int[2 * records];
        this.bytes = new byte[Math.toIntExact(bytes)];
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        offsets[size] = record.offset();
        timestamps[size] = record.timestamp();
        ends[2 * size] = append(record.key());
        ends[2 * size + 1] = append(record.value());
        size++;
    }

    private int append(byte[] part) {
        if (part == null) {
            return ~length;
        }
        if (part.length > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, part.length), bytes.length / 2 * 3));
        }
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
        return length;
    }

    /** Those of the other that are from one index on and below another. */
    void addAll(PackedRecords other, int from, int to) {
        System.arraycopy(other.offsets, from, offsets, size, to - from);
        System.arraycopy(other.timestamps, from, timestamps, size, to - from);
        int start = other.keyStart(from);
        int added = other.keyStart(to) - start;
        System.arraycopy(other.bytes, start, bytes, length, added);
        int moved = length - start;
        for (int part = 2 * from, at = 2 * size; part < 2 * to; part++, at++) {
            int end = other.ends[part];
            ends[at] = end < 0 ? end - moved : end + moved;
        }
        size += to - from;
        length += added;
    }

    int size() {
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    long offset(int record) {
        return offsets[record];
    }

    long timestamp(int record) {
        return timestamps[record];
    }

    /** Where a record starts; for the index after the last record, where that ends. */
    int keyStart(int record) {
        return record == 0 ? 0 : valueEnd(record - 1);
    }

    /** Where its key ends, too. */
    int valueStart(int record) {
        return known(ends[2 * record]);
    }

    int valueEnd(int record) {
        return known(ends[2 * record + 1]);
    }

    private static int known(int end) {
        return end < 0 ? ~end : end;
    }

    boolean hasKey(int record) {
        return ends[2 * record] >= 0;
    }

    boolean hasValue(int record) {
        return ends[2 * record + 1] >= 0;
    }

    /** A copy; null when it has none. */
    byte[] key(int record) {
        return hasKey(record) ? Arrays.copyOfRange(bytes, keyStart(record), valueStart(record)) : null;
    }

    /** A copy; null when it has none. */
    byte[] value(int record) {
        return hasValue(record) ? Arrays.copyOfRange(bytes, valueStart(record), valueEnd(record)) : null;
    }

    /** The first record at or above an offset; the index after the last when there is none. */
    int firstAtOrAbove(long offset, int from, int to) {
        int at = Arrays.binarySearch(offsets, from, to, offset);
        return at < 0 ? ~at : at;
    }
}
