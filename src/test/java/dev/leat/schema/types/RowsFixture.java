package dev.leat.schema.types;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import java.util.List;

/** Builds rows of a text key and an event time, without any decoding. */
public final class RowsFixture {

    private final Rows rows;

    public RowsFixture(String key, String eventTime) {
        this(new StreamFixture("events", "topic").key(key).eventTime(eventTime).build(), key, eventTime, 0);
    }

    public RowsFixture(Stream stream, String key, String eventTime, int partition) {
        Shape shape = new Shape(List.of(
                new Column(key, ColumnType.of(ColumnType.Kind.STRING), true, ""),
                new Column(eventTime, ColumnType.of(ColumnType.Kind.TIMESTAMP), true, "")));
        this.rows = new Rows(stream, shape, partition);
    }

    public RowsFixture add(String key, long eventTime) {
        rows.writable()[0].append((Object) key);
        rows.writable()[1].append(eventTime);
        rows.complete(rows.size(), 0, false);
        return this;
    }

    /** @param timestamp Kafka's, in milliseconds */
    public RowsFixture add(String key, long eventTime, long offset, long timestamp) {
        rows.writable()[0].append((Object) key);
        rows.writable()[1].append(eventTime);
        rows.complete(offset, timestamp, false);
        return this;
    }

    public RowsFixture delete(String key) {
        rows.writable()[0].append((Object) key);
        rows.writable()[1].appendNull();
        rows.complete(rows.size(), 0, true);
        return this;
    }

    /** @param timestamp Kafka's, in milliseconds */
    public RowsFixture delete(String key, long offset, long timestamp) {
        rows.writable()[0].append((Object) key);
        rows.writable()[1].appendNull();
        rows.complete(offset, timestamp, true);
        return this;
    }

    public Rows build() {
        return rows;
    }
}
