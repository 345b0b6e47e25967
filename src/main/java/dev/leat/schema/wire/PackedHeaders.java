package dev.leat.schema.wire;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The headers of a run of records, and how much memory they take. Immutable. */
final class PackedHeaders {

    /** The headers of a run in which no record has any. */
    static final PackedHeaders NONE = new PackedHeaders(new Header[0][]);

    private static final Header[] OF_NO_RECORD = {};

    // Bytes that the objects of a 64-bit JVM take around the headers of a record, and around each header.
    private static final int OBJECTS_OF_RECORD = 40;
    private static final int OBJECTS_OF_HEADER = 120;

    private final Header[][] headers;
    private final long[] memory; // of the records before each; the last is that of all

    private PackedHeaders(Header[][] headers) {
        this.headers = headers;
        this.memory = new long[headers.length + 1];
        for (int i = 0; i < headers.length; i++) {
            memory[i + 1] = memory[i] + OBJECTS_OF_RECORD + memoryOf(headers[i]);
        }
    }

    /** @param headers null when no record has any */
    static PackedHeaders of(Header[][] headers) {
        return headers == null ? NONE : new PackedHeaders(headers);
    }

    /**
     * Adds the headers of one record.
     *
     * @param headers of the records before it; null as long as none has any
     * @param records how many there are in all
     */
    static Header[][] with(Header[][] headers, Headers own, int record, int records) {
        Header[] all = own.toArray();
        if (all.length == 0) {
            return headers;
        }
        Header[][] some = headers == null ? noneOf(records) : headers;
        some[record] = all;
        return some;
    }

    /** The headers of several runs, one run after the other. */
    static PackedHeaders together(List<Slice> runs, int records) {
        if (runs.stream().allMatch(run -> run.headers.areNone())) {
            return NONE;
        }
        Header[][] headers = noneOf(records);
        int at = 0;
        for (Slice run : runs) {
            for (int record = run.from; record < run.to; record++) {
                headers[at++] = run.headers.of(record);
            }
        }
        return new PackedHeaders(headers);
    }

    /** The headers of the records from one index on and below another. */
    record Slice(PackedHeaders headers, int from, int to) {}

    boolean areNone() {
        return headers.length == 0;
    }

    Header[] of(int record) {
        return areNone() ? OF_NO_RECORD : headers[record];
    }

    long memory(int from, int to) {
        return areNone() ? 0 : memory[to] - memory[from];
    }

    private static Header[][] noneOf(int records) {
        Header[][] none = new Header[records][];
        Arrays.fill(none, OF_NO_RECORD);
        return none;
    }

    /** Asks each header for its name and value: until then it holds on to the whole fetch that it came with. */
    private static long memoryOf(Header[] headers) {
        long memory = 0;
        for (Header header : headers) {
            byte[] value = header.value();
            memory += OBJECTS_OF_HEADER + header.key().length() + (value == null ? 0 : value.length);
        }
        return memory;
    }
}
