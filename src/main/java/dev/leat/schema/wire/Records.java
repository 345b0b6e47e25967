package dev.leat.schema.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A run of one partition's records, ordered by offset. It is held in few objects, so that decoding reads memory in
 * sequence. Immutable, and safe for any thread. A slice is a view of the whole run, and keeps it in memory.
 */
public final class Records {

    /** The most bytes that one array can hold. */
    public static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    public static final Records NONE = new Records("", -1, new PackedRecords(0, 0), 0, PackedHeaders.NONE, 0, 0);

    // Bytes around keys and values: each record's offset, timestamp and ends; a run's objects on a 64-bit JVM.
    private static final int AROUND_RECORD = 2 * Long.BYTES + 2 * Integer.BYTES;
    private static final int AROUND_RUN = 200;

    private final String topic;
    private final int partition;
    private final PackedRecords packed;
    private final long base; // added to the offsets that are packed
    private final PackedHeaders headers;
    // The range of those that belongs to this run.
    private final int from;
    private final int to;

    private Records(
            String topic, int partition, PackedRecords packed, long base, PackedHeaders headers, int from, int to) {
        this.topic = topic;
        this.partition = partition;
        this.packed = packed;
        this.base = base;
        this.headers = headers;
        this.from = from;
        this.to = to;
    }

    /** @param records of one partition, by offset; of no more than {@link #MOST_BYTES} */
    public static Records of(List<ConsumerRecord<byte[], byte[]>> records) {
        return packed(records, sizeOf(records));
    }

    /** The same in several runs, each of at most so many bytes; a single record may have more. */
    public static List<Records> runsOf(List<ConsumerRecord<byte[], byte[]>> records, int atMostBytes) {
        long size = sizeOf(records);
        if (size <= atMostBytes || records.size() == 1) {
            return List.of(packed(records, size));
        }
        int half = records.size() / 2;
        List<Records> runs = new ArrayList<>(runsOf(records.subList(0, half), atMostBytes));
        runs.addAll(runsOf(records.subList(half, records.size()), atMostBytes));
        return runs;
    }

    private static Records packed(List<ConsumerRecord<byte[], byte[]>> records, long size) {
        if (records.isEmpty()) {
            return NONE;
        }
        PackedRecords packed = new PackedRecords(records.size(), size);
        Header[][] headers = null;
        // One pass, because they are more than the processor's cache holds.
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            packed.add(record);
            headers = PackedHeaders.with(headers, record.headers(), i, records.size());
        }
        ConsumerRecord<byte[], byte[]> first = records.getFirst();
        return new Records(first.topic(), first.partition(), packed, 0, PackedHeaders.of(headers), 0, records.size());
    }

    private static long sizeOf(List<ConsumerRecord<byte[], byte[]>> records) {
        long size = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            size += sizeOf(record.key(), record.serializedKeySize())
                    + sizeOf(record.value(), record.serializedValueSize());
        }
        return size;
    }

    /** The size that the record states; else that of the array, which is further away in memory. */
    private static int sizeOf(byte[] part, int serialized) {
        return serialized != ConsumerRecord.NULL_SIZE ? serialized : part == null ? 0 : part.length;
    }

    /** Joins runs that follow each other, all of them shifted alike. */
    public static Records together(List<Records> all) {
        // A run without records may not know its topic.
        List<Records> runs = all.stream().filter(run -> !run.isEmpty()).toList();
        if (runs.size() < 2) {
            return runs.isEmpty() ? NONE : runs.getFirst();
        }
        int size = runs.stream().mapToInt(Records::size).sum();
        PackedRecords packed =
                new PackedRecords(size, runs.stream().mapToLong(Records::bytes).sum());
        runs.forEach(run -> packed.addAll(run.packed, run.from, run.to));
        Records first = runs.getFirst();
        return new Records(first.topic, first.partition, packed, first.base, together(runs, size), 0, size);
    }

    private static PackedHeaders together(List<Records> runs, int size) {
        return PackedHeaders.together(
                runs.stream()
                        .map(run -> new PackedHeaders.Slice(run.headers, run.from, run.to))
                        .toList(),
                size);
    }

    /** The records from one index on and below another. */
    public Records slice(int begin, int end) {
        return begin == 0 && end == size()
                ? this
                : new Records(topic, partition, packed, base, headers, from + begin, from + end);
    }

    /** The same records at offsets that are so much higher. */
    public Records shifted(long by) {
        return by == 0 ? this : new Records(topic, partition, packed, base + by, headers, from, to);
    }

    public int size() {
        return to - from;
    }

    public boolean isEmpty() {
        return from == to;
    }

    public String topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public long offset(int index) {
        return base + packed.offset(from + index);
    }

    /** The offset after the last record. */
    public long next() {
        return base + packed.offset(to - 1) + 1;
    }

    /** Kafka's timestamp, in milliseconds since the epoch. */
    public long timestamp(int index) {
        return packed.timestamp(from + index);
    }

    /** The bytes of keys and values. */
    public int bytes() {
        return packed.keyStart(to) - packed.keyStart(from);
    }

    /**
     * About how many bytes of memory the records take. Slices take together what the whole run takes; the last slice counts
     * the run's objects.
     */
    public long memory() {
        return bytes()
                + (long) AROUND_RECORD * size()
                + headers.memory(from, to)
                + (to == packed.size() ? AROUND_RUN : 0);
    }

    /** How many records from the first one on are within these bounds. */
    public int within(int atMostRecords, long atMostBytes) {
        int fit = 0;
        int most = Math.min(size(), atMostRecords);
        int tried = most; // usually all of them
        while (fit < most) {
            if (packed.keyStart(from + tried) - packed.keyStart(from) <= atMostBytes) {
                fit = tried;
            } else {
                most = tried - 1;
            }
            tried = (fit + most + 1) >>> 1;
        }
        return fit;
    }

    /** Index of the first record at or above an offset, since offsets have gaps; the size when there is none. */
    public int firstAtOrAbove(long offset) {
        return packed.firstAtOrAbove(offset - base, from, to) - from;
    }

    /** A copy of the record at this offset, as Kafka gave it; null when there is none. */
    public ConsumerRecord<byte[], byte[]> at(long offset) {
        int index = firstAtOrAbove(offset);
        return index < size() && offset(index) == offset ? record(index) : null;
    }

    /** A copy of the record, as Kafka gave it. */
    public ConsumerRecord<byte[], byte[]> record(int index) {
        return record(
                topic,
                partition,
                offset(index),
                timestamp(index),
                key(index),
                packed.value(from + index),
                new RecordHeaders(headers(index)));
    }

    /** A record as Kafka would give it; key and value may be null. */
    public static ConsumerRecord<byte[], byte[]> record(
            String topic, int partition, long offset, long timestamp, byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    /** A copy of the key; null when there is none. */
    public byte[] key(int index) {
        return packed.key(from + index);
    }

    boolean haveHeaders() {
        return !headers.areNone();
    }

    Header[] headers(int index) {
        return headers.of(from + index);
    }

    /** The bytes of all records. They must not be changed. */
    public byte[] array() {
        return packed.bytes();
    }

    public boolean hasKey(int index) {
        return packed.hasKey(from + index);
    }

    public boolean hasValue(int index) {
        return packed.hasValue(from + index);
    }

    public int keyStart(int index) {
        return packed.keyStart(from + index);
    }

    /** Where the value starts, and the key ends. */
    public int valueStart(int index) {
        return packed.valueStart(from + index);
    }

    public int valueEnd(int index) {
        return packed.valueEnd(from + index);
    }
}
