package dev.leat.view.deadletter;

import dev.leat.schema.wire.Records;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The record as the topic had it, of what was kept. */
public final class StoredRecord {

    private StoredRecord() {}

    /** Of a row of {@code leat.dead_letter} or {@code leat.parked_event}. */
    public static ConsumerRecord<byte[], byte[]> of(Row row) {
        byte[] key = bytes(row.getBuffer("key"));
        byte[] value = bytes(row.getBuffer("value"));
        return of(
                row.getString("topic"),
                row.getInteger("partition"),
                row.getLong("offset"),
                row.getOffsetDateTime("event_timestamp"),
                key,
                value,
                row.getJsonObject("headers"));
    }

    /** @param stored base64 of each header's value, by name */
    static ConsumerRecord<byte[], byte[]> of(
            String topic,
            int partition,
            long offset,
            OffsetDateTime timestamp,
            byte[] key,
            byte[] value,
            JsonObject stored) {
        RecordHeaders headers = new RecordHeaders();
        stored.fieldNames().forEach(name -> headers.add(name, stored.getBinary(name)));
        return Records.record(topic, partition, offset, timestamp.toInstant().toEpochMilli(), key, value, headers);
    }

    private static byte[] bytes(io.vertx.mutiny.core.buffer.Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
