package dev.leat.view.deadletter;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.PgArrays;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Keeps what can't be applied, in the transaction that passes over it. */
public final class DeadLetters {

    private static final String INSERT_DEAD_LETTER = """
            INSERT INTO leat.dead_letter
                (stream, view, topic, partition, "offset", event_timestamp, key, value, headers, schema_id, reason, message,
                 parks, copy_to)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (topic, partition, "offset", coalesce(view, ''))
            DO UPDATE SET last_attempt = now(), attempts = dead_letter.attempts + 1,
                reason = excluded.reason, message = excluded.message, parks = excluded.parks, resolution = NULL, resolved_at = NULL
            """;

    /** Those that became no row at first, whatever has become of them since. */
    public static final String SELECT_UNDECODED = """
            SELECT "offset" FROM leat.dead_letter
            WHERE topic = $1 AND partition = $2 AND "offset" BETWEEN $3 AND $4 AND view IS NULL
            """;

    /** Those of them that still are none. */
    public static final String SELECT_NEVER_DECODED = SELECT_UNDECODED + " AND resolution IS DISTINCT FROM 'redriven'";

    /** Headers that SmallRye puts on what it has polled; no producer wrote them. */
    private static final String OF_THE_CHANNEL = "__smallrye";

    private DeadLetters() {}

    public static void saveInTransaction(Tx tx, List<NewDeadLetter> letters) {
        tx.executeEach(
                INSERT_DEAD_LETTER,
                letters.stream().map(DeadLetters::parameters).toList());
    }

    private static Tuple parameters(NewDeadLetter letter) {
        var record = letter.record();
        return Tuple.from(new Object[] {
            letter.stream(),
            letter.view(),
            record.topic(),
            record.partition(),
            record.offset(),
            PgArrays.timestamp(record.timestamp() * 1000),
            bytes(record.key()),
            bytes(record.value()),
            json(record.headers()),
            letter.schemaId(),
            letter.reason().name(),
            text(letter.message()),
            letter.parks(),
            letter.copyTo()
        });
    }

    /** Base64 of each value, by name; of headers with one name, the last. */
    static JsonObject json(Headers headers) {
        JsonObject json = new JsonObject();
        for (Header header : headers) {
            if (!header.key().startsWith(OF_THE_CHANNEL)) {
                json.put(text(header.key()), header.value());
            }
        }
        return json;
    }

    static Buffer bytes(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    /** A message may quote the very character that Postgres can't hold. */
    private static String text(String message) {
        return message == null ? "" : message.replace("\u0000", "\\0");
    }
}
