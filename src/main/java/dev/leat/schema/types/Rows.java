package dev.leat.schema.types;

import dev.leat.pipeline.Stream;
import dev.leat.schema.wire.Records;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Decoded events of one stream from one topic-partition, as columns, in the order of their offsets. Written by the lane
 * that decodes; immutable once handed on.
 */
public final class Rows {

    private static final int USUAL_ROWS = 256;

    private final Stream stream;
    private final Shape shape;
    private final int partition;
    private final Vector[] vectors;
    private final Vector[] keys; // those of them that the shape has
    private final Vector[] texts;
    private final EventTimes eventTimes; // null where the stream declares no event time
    private long[] offsets;
    private long[] timestamps;
    private final BitSet deletes = new BitSet();
    private int size;

    public Rows(Stream stream, Shape shape, int partition) {
        this(stream, shape, partition, USUAL_ROWS);
    }

    /** @param expected how many rows there will be, as far as can be told */
    public Rows(Stream stream, Shape shape, int partition, int expected) {
        this.stream = stream;
        this.shape = shape;
        this.partition = partition;
        this.vectors = shape.columns().stream()
                .map(c -> new Vector(c.type(), expected))
                .toArray(Vector[]::new);
        this.offsets = new long[expected];
        this.timestamps = new long[expected];
        this.keys = stream.key().stream().filter(shape::has).map(this::vector).toArray(Vector[]::new);
        this.texts = Arrays.stream(vectors)
                .filter(vector -> vector.type().kind() == ColumnType.Kind.STRING)
                .toArray(Vector[]::new);
        this.eventTimes = stream.eventTime()
                .expression()
                .map(time -> EventTimes.of(time, name -> shape.has(name) ? vector(name) : null))
                .orElse(null);
    }

    public Stream stream() {
        return stream;
    }

    public Shape shape() {
        return shape;
    }

    public int partition() {
        return partition;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The values of the shape's column at this index. */
    public Vector vector(int column) {
        return vectors[column];
    }

    public Vector vector(String column) {
        return vectors[shape.indexOf(column)];
    }

    /** Kafka's offset of a row's event. */
    public long offset(int row) {
        return offsets[row];
    }

    /** Kafka's timestamp of a row's event, in milliseconds since the epoch. */
    public long timestamp(int row) {
        return timestamps[row];
    }

    /** The same in microseconds; the furthest there are where Kafka's is further. */
    public long timestampMicros(int row) {
        return Math.clamp(timestamps[row], Long.MIN_VALUE / 1000, Long.MAX_VALUE / 1000) * 1000;
    }

    /** Whether the event is a delete: it has its key's columns, and no others. */
    public boolean isDelete(int row) {
        return deletes.get(row);
    }

    /** Whether the event says when it happened. A delete never does, though its key may have a time. */
    public boolean hasEventTime(int row) {
        return eventTimes != null && !deletes.get(row) && !eventTimes.isNull(row, timestamps[row]);
    }

    /** When the event happened, in microseconds since the epoch: its event time, or Kafka's timestamp without one. */
    public long eventTime(int row) {
        return eventTimes == null || eventTimes.isNull(row, timestamps[row])
                ? timestampMicros(row)
                : eventTimes.micros(row, timestamps[row]);
    }

    /**
     * When the event happened, as exactly as is known: in nanoseconds since the epoch if its {@link EventTimeType} has them, in
     * microseconds otherwise. By it, then by position, events are ordered.
     */
    public long exactTime(int row) {
        if (eventTimes != null && !eventTimes.isNull(row, timestamps[row])) {
            return eventTimes.exact(row, timestamps[row]);
        }
        // A delete's, which orders nothing, unless nothing is declared.
        return areNanos() ? Math.multiplyExact(timestamps[row], 1_000_000L) : timestampMicros(row);
    }

    /** Whether an event happened at the time of another one or later. */
    public boolean isNotOlder(int row, int than) {
        return exactTime(than) <= exactTime(row);
    }

    private boolean areNanos() {
        return eventTimes != null && eventTimes.areNanos();
    }

    /** Some of the rows, in the same order; this object when they are all. */
    public Rows select(int[] rows) {
        if (rows.length == size) {
            return this;
        }
        Rows selected = new Rows(stream, shape, partition);
        for (int i = 0; i < vectors.length; i++) {
            selected.vectors[i].appendAll(vectors[i], rows);
        }
        for (int row : rows) {
            selected.complete(offsets[row], timestamps[row], deletes.get(row));
        }
        return selected;
    }

    /** The key column that has no value in the row that isn't complete yet; null when all have one. */
    public String missingKey() {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i].isNull(size)) {
                return stream.key().get(i);
            }
        }
        return null;
    }

    /**
     * What is wrong with the event time of the row that isn't complete yet; null when nothing is, or the stream declares
     * none.
     *
     * @param timestamp Kafka's
     */
    public String eventTimeProblem(long timestamp) {
        if (eventTimes == null || eventTimes.isFit(size, timestamp)) {
            return null;
        }
        return eventTimes.isNull(size, timestamp) ? "is null" : "is further away than a timestamp can be";
    }

    /**
     * The column whose text in the row that isn't complete yet isn't UTF-8; null when there is none. It can't be kept as it
     * is, and different bytes would become one text.
     */
    public String illFormedText() {
        for (Vector text : texts) {
            if (!text.areWellFormed(size, size + 1)) {
                return shape.columns().get(Arrays.asList(vectors).indexOf(text)).name();
            }
        }
        return null;
    }

    /**
     * Whether one of the events from this one on, read after the complete rows, lacks a part of its key, or a fit event time, or has an
     * ill-formed text.
     */
    public boolean areIncomplete(Records events, int from, int rows) {
        for (Vector text : texts) {
            if (!text.areWellFormed(size, size + rows)) {
                return true;
            }
        }
        for (int i = 0; eventTimes != null && i < rows; i++) {
            if (!eventTimes.isFit(size + i, events.timestamp(from + i))) {
                return true;
            }
        }
        for (Vector key : keys) {
            if (key.hasNull(size, size + rows)) {
                return true;
            }
        }
        return false;
    }

    public Vector[] writable() {
        return vectors;
    }

    /** The row of which every vector now has its value. */
    public void complete(long offset, long timestamp, boolean delete) {
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, size * 2);
            timestamps = Arrays.copyOf(timestamps, size * 2);
        }
        offsets[size] = offset;
        timestamps[size] = timestamp;
        deletes.set(size, delete);
        size++;
    }

    /** So many rows, of events from this one on, of which every vector now has its values. */
    public void complete(Records events, int from, int rows) {
        if (size + rows > offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(size + rows, size * 2));
            timestamps = Arrays.copyOf(timestamps, offsets.length);
        }
        for (int i = from; i < from + rows; i++) {
            offsets[size] = events.offset(i);
            timestamps[size++] = events.timestamp(i);
        }
    }

    /** Drops what was read of the row that couldn't be completed. */
    public void abandon() {
        for (Vector vector : vectors) {
            vector.truncate(size);
        }
    }
}
