package dev.leat.view.deadletter;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The columns that dead letters, parked events and those that wait share in their tables, in one order. */
final class EventColumns {

    static final String NAMES =
            "stream, view, topic, partition, \"offset\", event_timestamp, key, value, headers," + " kafka_timestamp";

    private EventColumns() {}

    /** Parameters 1 to 10, in the order of {@link #NAMES}. */
    static Tuple parameters(StoredEvent event) {
        return Tuple.tuple()
                .addValue(event.stream)
                .addValue(event.view)
                .addValue(event.topic)
                .addValue(event.partition)
                .addValue(event.offset)
                .addValue(event.eventTimestamp)
                .addValue(buffer(event.key))
                .addValue(buffer(event.value))
                .addValue(new JsonObject(event.headers))
                .addValue(event.kafkaTimestamp);
    }

    /** @param rows with {@code id} and {@link #NAMES} */
    static <E extends StoredEvent> List<E> read(RowSet<Row> rows, Supplier<E> empty) {
        List<E> events = new ArrayList<>();
        for (Row row : rows) {
            E event = empty.get();
            event.id = row.getLong("id");
            event.stream = row.getString("stream");
            event.view = row.getString("view");
            event.topic = row.getString("topic");
            event.partition = row.getInteger("partition");
            event.offset = row.getLong("offset");
            event.eventTimestamp = row.getOffsetDateTime("event_timestamp");
            event.kafkaTimestamp = row.getLong("kafka_timestamp");
            event.key = bytes(row, "key");
            event.value = bytes(row, "value");
            event.headers = row.getJsonObject("headers").encode();
            events.add(event);
        }
        return events;
    }

    private static byte[] bytes(Row row, String column) {
        return row.getBuffer(column) == null ? null : row.getBuffer(column).getBytes();
    }

    private static Buffer buffer(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    /** A parameter of type {@code bytea[]}. */
    static Buffer[] buffers(List<byte[]> keys) {
        return keys.stream().map(Buffer::buffer).toArray(Buffer[]::new);
    }
}
