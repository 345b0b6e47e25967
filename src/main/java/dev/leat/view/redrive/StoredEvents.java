package dev.leat.view.redrive;

import dev.leat.postgres.Tx;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import dev.leat.view.deadletter.StoredRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Dead letters and parked events as they lie in Postgres, read back for another try. */
final class StoredEvents {

    private static final String LETTER_COLUMNS = """
            id, stream, view, topic, partition, "offset", event_timestamp, key, value, headers, parks, copy_to""";
    private static final String SELECT_OPEN_LETTERS = "SELECT " + LETTER_COLUMNS + """
             FROM leat.dead_letter
            WHERE topic = $1 AND partition = $2 AND resolution IS NULL
              AND (id = ANY($3::bigint[]) OR parks AND key = ANY($4::bytea[]))
            ORDER BY "offset" FOR UPDATE""";
    private static final String SELECT_PARKED_EVENTS = """
            SELECT id, stream, view, topic, partition, "offset", event_timestamp, key, value, headers
            FROM leat.parked_event
            WHERE topic = $1 AND partition = $2 AND key = ANY($3::bytea[])
              AND sha256(key) IN (SELECT sha256(k) FROM unnest($3::bytea[]) k)
            ORDER BY "offset" LIMIT $4""";
    private static final String SELECT_KEYS = """
            SELECT DISTINCT key FROM leat.dead_letter
            WHERE id = ANY($1::bigint[]) AND parks AND key IS NOT NULL""";
    private static final String SELECT_FORGOTTEN_KEYS = """
            SELECT DISTINCT p.key FROM leat.parked_event p
            WHERE p.topic = $1 AND p.partition = $2 AND NOT EXISTS (SELECT FROM leat.dead_letter d
                WHERE d.topic = p.topic AND d.partition = p.partition AND d.key = p.key AND d.parks
                  AND d.resolution IS NULL)""";

    private StoredEvents() {}

    /** A dead letter or a parked event. */
    record Stored(
            long id,
            ConsumerRecord<byte[], byte[]> record,
            String stream,
            String view,
            boolean isLetter,
            boolean parks) {

        Scope scope() {
            return new Scope(stream, view);
        }

        /** A letter that became no row may turn out to be any stream's. */
        boolean isFor(String otherStream, String otherView) {
            return isLetter && view == null || scope().covers(otherStream, otherView);
        }

        long offset() {
            return record.offset();
        }
    }

    /** The keys that wait behind these letters. */
    static List<byte[]> keysOf(Tx tx, Collection<Long> letters) {
        return keys(tx.execute(SELECT_KEYS, Tuple.tuple().addValue(letters.toArray(Long[]::new))));
    }

    /** Keys of which events wait, but no letter any more: a redrive was broken off. */
    static List<byte[]> forgottenKeys(Tx tx, String topic, int partition) {
        return keys(tx.execute(SELECT_FORGOTTEN_KEYS, Tuple.of(topic, partition)));
    }

    private static List<byte[]> keys(RowSet<Row> rows) {
        List<byte[]> keys = new ArrayList<>();
        rows.forEach(row -> keys.add(row.getBuffer("key").getBytes()));
        return keys;
    }

    /** These letters, and all that park one of the keys; those that are resolved already are left out. */
    static List<Stored> letters(Tx tx, String topic, int partition, Collection<Long> ids, List<byte[]> keys) {
        Tuple parameters =
                Tuple.of(topic, partition).addValue(ids.toArray(Long[]::new)).addValue(buffers(keys));
        return read(tx.execute(SELECT_OPEN_LETTERS, parameters), true);
    }

    /** The first of those that wait, by offset. */
    static List<Stored> parked(Tx tx, String topic, int partition, List<byte[]> keys, int atMost) {
        return keys.isEmpty()
                ? List.of()
                : read(
                        tx.execute(
                                SELECT_PARKED_EVENTS,
                                Tuple.of(topic, partition)
                                        .addValue(buffers(keys))
                                        .addValue(atMost)),
                        false);
    }

    private static Object buffers(List<byte[]> keys) {
        return keys.stream().map(Buffer::buffer).toArray(Buffer[]::new);
    }

    private static List<Stored> read(RowSet<Row> rows, boolean letters) {
        List<Stored> stored = new ArrayList<>();
        for (Row row : rows) {
            stored.add(new Stored(
                    row.getLong("id"),
                    StoredRecord.of(row),
                    row.getString("stream"),
                    row.getString("view"),
                    letters,
                    letters && row.getBoolean("parks")));
        }
        return stored;
    }
}
