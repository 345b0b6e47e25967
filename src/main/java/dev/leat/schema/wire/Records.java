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
 * A run of one partition's records, by offset, as few objects: whoever decodes it reads memory in sequence. Unchanging, and
 * so for any thread; a slice is a view, and keeps the whole.
 */
public final class Records {

    /** What one array can hold. */
    public static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    public static final Records NONE = new Records("", -1, new PackedRecords(0, 0), PackedHeaders.NONE, 0, 0);

    // What is around the bytes: of each record its offset, timestamp and ends; of a run the objects of a 64-bit JVM.
    private static final int AROUND_RECORD = 2 * Long.BYTES + 2 * Integer.BYTES;
    private static final int AROUND_RUN = 200;

    private final String topic;
    private final int partition;
    private final PackedRecords packed;
    private final PackedHeaders headers;
    // Which of those are of this run.
    private final int from;
    private final int to;

    private Records(String topic, int partition, PackedRecords packed, PackedHeaders headers, int from, int to) {
        this.topic = topic;
        this.partition = partition;
        this.packed = packed;
        this.headers = headers;
        this.from = from;
        this.to = to;
    }

    /** @param records of one partition, by offset; of no more than {@link #MOST_BYTES} */
    public static Records of(List<ConsumerRecord<byte[], byte[]>> records) {
        return packed(records, sizeOf(records));
    }

    /** The same in runs of no more bytes than this; one record may have more. */
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
        // Once over them, for they are more than the processor's cache holds.
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            packed.add(record);
            headers = PackedHeaders.with(headers, record.headers(), i, records.size());
        }
        ConsumerRecord<byte[], byte[]> first = records.getFirst();
        return new Records(first.topic(), first.partition(), packed, PackedHeaders.of(headers), 0, records.size());
    }

    private static long sizeOf(List<ConsumerRecord<byte[], byte[]>> records) {
        long size = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            size += sizeOf(record.key(), record.serializedKeySize())
                    + sizeOf(record.value(), record.serializedValueSize());
        }
        return size;
    }

    /** As the record says it; where it doesn't, as it is, which is further away in memory. */
    private static int sizeOf(byte[] part, int serialized) {
        return serialized != ConsumerRecord.NULL_SIZE ? serialized : part == null ? 0 : part.length;
    }

    /** Runs that follow each other, as one. */
    public static Records together(List<Records> all) {
        // One without records may not know whose it is.
        List<Records> runs = all.stream().filter(run -> !run.isEmpty()).toList();
        if (runs.size() < 2) {
            return runs.isEmpty() ? NONE : runs.getFirst();
        }
        int size = runs.stream().mapToInt(Records::size).sum();
        PackedRecords packed =
                new PackedRecords(size, runs.stream().mapToLong(Records::bytes).sum());
        runs.forEach(run -> packed.addAll(run.packed, run.from, run.to));
        Records first = runs.getFirst();
        return new Records(first.topic, first.partition, packed, PackedHeaders.together(runs, size), 0, size);
    }

    /** Those from one index on and below another. */
    public Records slice(int begin, int end) {
        return begin == 0 && end == size()
                ? this
                : new Records(topic, partition, packed, headers, from + begin, from + end);
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
        return packed.offset(from + index);
    }

    /** Offset behind the last one. */
    public long next() {
        return packed.offset(to - 1) + 1;
    }

    /** Kafka's timestamp, in milliseconds since the epoch. */
    public long timestamp(int index) {
        return packed.timestamp(from + index);
    }

    /** What their keys and values have. */
    public int bytes() {
        return packed.keyStart(to) - packed.keyStart(from);
    }

    /**
     * What they take of the memory, in bytes, about. What slices take is together what the whole takes; the last of them
     * takes the whole's objects, too.
     */
    public long memory() {
        return bytes()
                + (long) AROUND_RECORD * size()
                + headers.memory(from, to)
                + (to == packed.size() ? AROUND_RUN : 0);
    }

    /** How many of the first ones are within these bounds. */
    public int within(int atMostRecords, long atMostBytes) {
        int fit = 0;
        int most = Math.min(size(), atMostRecords);
        int tried = most; // all of them, mostly
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

    /** Index of the first one at or above an offset, since offsets have gaps; the size when there is none. */
    public int firstAtOrAbove(long offset) {
        return packed.firstAtOrAbove(offset, from, to) - from;
    }

    /** The one at this offset as Kafka gave it, a copy; null when there is none. */
    public ConsumerRecord<byte[], byte[]> at(long offset) {
        int index = firstAtOrAbove(offset);
        return index < size() && offset(index) == offset ? record(index) : null;
    }

    /** As Kafka gave it, a copy. */
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

    /** A record of these parts, as Kafka would give it; key and value may be null. */
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

    /** A copy; null when it has none. */
    public byte[] key(int index) {
        return packed.key(from + index);
    }

    boolean haveHeaders() {
        return !headers.areNone();
    }

    Header[] headers(int index) {
        return headers.of(from + index);
    }

    /** The bytes of them all, to be read only. */
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

    /** The key ends here, too. */
    public int valueStart(int index) {
        return packed.valueStart(from + index);
    }

    public int valueEnd(int index) {
        return packed.valueEnd(from + index);
    }
}
