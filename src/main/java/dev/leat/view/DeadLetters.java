package dev.leat.view;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import org.apache.kafka.common.header.Header;

/** Keeps what can't be applied, in the transaction that passes over it. */
final class DeadLetters {

    private static final String INSERT_DEAD_LETTER = """
            INSERT INTO leat.dead_letter
                (stream, view, topic, partition, "offset", event_timestamp, key, value, headers, schema_id, reason, message)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (topic, partition, "offset", coalesce(view, ''))
            DO UPDATE SET last_attempt = now(), attempts = dead_letter.attempts + 1,
                reason = excluded.reason, message = excluded.message
            """;

    private DeadLetters() {}

    static Uni<Void> saveInTransaction(SqlConnection connection, String topic, List<LaneBatch.Dead> dead) {
        if (dead.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery(INSERT_DEAD_LETTER)
                .executeBatch(dead.stream().map(d -> parameters(topic, d)).toList())
                .replaceWithVoid();
    }

    private static Tuple parameters(String topic, LaneBatch.Dead dead) {
        var record = dead.record();
        var verdict = dead.verdict();
        JsonObject headers = new JsonObject();
        for (Header header : record.headers()) {
            headers.put(header.key(), header.value());
        }
        return Tuple.from(new Object[] {
            verdict.stream(),
            dead.view(),
            topic,
            record.partition(),
            record.offset(),
            PgArrays.timestamp(record.timestamp() * 1000),
            bytes(record.key()),
            bytes(record.value()),
            headers,
            verdict.schemaId(),
            verdict.reason().name(),
            verdict.message()
        });
    }

    private static Buffer bytes(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }
}
