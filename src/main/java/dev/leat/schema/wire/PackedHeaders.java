package dev.leat.schema.wire;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The headers of a run of records, and what they take of the memory. Unchanging. */
final class PackedHeaders {

    /** Of a run in which no record has one. */
    static final PackedHeaders NONE = new PackedHeaders(new Header[0][]);

    private static final Header[] OF_NO_RECORD = {};

    // What the objects of a 64-bit JVM take around the headers of a record, and around the bytes of each.
    private static final int OBJECTS_OF_RECORD = 40;
    private static final int OBJECTS_OF_HEADER = 120;

    private final Header[][] headers;
    private final long[] memory; // of the records in front of each, and at last of all

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
     * Adds those of one record.
     *
     * @param headers of the records in front of it; null as long as none has any
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

    /** Those of several runs, one behind the other. */
    static PackedHeaders together(List<Records> runs, int records) {
        if (runs.stream().noneMatch(Records::haveHeaders)) {
            return NONE;
        }
        Header[][] headers = noneOf(records);
        int at = 0;
        for (Records run : runs) {
            for (int i = 0; i < run.size(); i++) {
                headers[at++] = run.headers(i);
            }
        }
        return new PackedHeaders(headers);
    }

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

    /** Has to ask each for its name and value: only then does it let go of the whole fetch that it came with. */
    private static long memoryOf(Header[] headers) {
        long memory = 0;
        for (Header header : headers) {
            byte[] value = header.value();
            memory += OBJECTS_OF_HEADER + header.key().length() + (value == null ? 0 : value.length);
        }
        return memory;
    }
}
