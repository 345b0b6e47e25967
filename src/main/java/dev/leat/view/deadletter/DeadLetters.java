package dev.leat.view.deadletter;

import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Rejected;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** The table of dead letters, within a transaction: that of the batch that passes over them, or of a redrive. */
public final class DeadLetters {

    private static final String INSERT = "INSERT INTO leat.dead_letter (" + EventColumns.NAMES + """
            , schema_id, reason, message, parks, copy_to)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT (topic, partition, "offset", coalesce(view, ''))
            DO UPDATE SET last_attempt = now(), attempts = dead_letter.attempts + 1,
                reason = excluded.reason, message = excluded.message, parks = excluded.parks, resolution = NULL, resolved_at = NULL
            """;

    /** Those that became no row at first, whatever has become of them since. */
    public static final String SELECT_UNDECODED = """
            SELECT "offset" FROM leat.dead_letter
            WHERE topic = $1 AND partition = $2 AND "offset" BETWEEN $3 AND $4 AND view IS NULL
            """;

    /** Those of them that are still none. */
    public static final String SELECT_NEVER_DECODED = SELECT_UNDECODED + " AND resolution IS DISTINCT FROM 'redriven'";

    private static final String SELECT_OPEN = "SELECT id, parks, " + EventColumns.NAMES + """
             FROM leat.dead_letter
            WHERE topic = $1 AND partition = $2 AND resolution IS NULL
              AND (id = ANY($3::bigint[]) OR parks AND key = ANY($4::bytea[]))
            ORDER BY "offset" FOR UPDATE""";
    private static final String SELECT_KEYS = """
            SELECT DISTINCT key FROM leat.dead_letter
            WHERE id = ANY($1::bigint[]) AND parks AND key IS NOT NULL""";
    private static final String RESOLVE = """
            UPDATE leat.dead_letter SET resolution = 'redriven', resolved_at = now(), last_attempt = now(),
                attempts = attempts + 1
            WHERE id = ANY($1::bigint[])""";
    private static final String SAVE_FAILURE = """
            UPDATE leat.dead_letter SET last_attempt = now(), attempts = attempts + 1, reason = $2, message = $3
            WHERE id = $1""";
    private static final String EVICT = """
            UPDATE leat.dead_letter SET resolution = 'evicted', resolved_at = now()
            WHERE id = ANY($1::bigint[]) AND topic = $2 AND partition = $3 AND resolution IS NULL""";
    private static final String DELETE_RESOLVED = """
            DELETE FROM leat.dead_letter WHERE resolved_at < now() - $1::bigint * interval '1 ms'""";

    private DeadLetters() {}

    public static void saveInTransaction(Tx tx, List<DeadLetter> letters) {
        tx.executeEach(
                INSERT,
                letters.stream()
                        .map(letter -> EventColumns.parameters(letter)
                                .addValue(letter.schemaId)
                                .addValue(letter.reason)
                                .addValue(PgText.of(letter.message))
                                .addValue(letter.parks)
                                .addValue(letter.copyTo))
                        .toList());
    }

    /**
     * Open letters of a lane, by offset, locked: those with these ids, and all that park one of the keys. Letters that are
     * resolved by now are left out.
     */
    public static List<DeadLetter> openInTransaction(
            Tx tx, String topic, int partition, Collection<Long> ids, List<byte[]> keys) {
        Tuple parameters = Tuple.of(topic, partition, ids.toArray(Long[]::new), EventColumns.buffers(keys));
        RowSet<Row> rows = tx.execute(SELECT_OPEN, parameters);
        List<DeadLetter> letters = EventColumns.read(rows, DeadLetter::new);
        Iterator<Row> row = rows.iterator();
        letters.forEach(letter -> letter.parks = row.next().getBoolean("parks"));
        return letters;
    }

    /** The keys that wait for these letters. */
    public static List<byte[]> keysInTransaction(Tx tx, Collection<Long> ids) {
        List<byte[]> keys = new ArrayList<>();
        tx.execute(SELECT_KEYS, ids(ids))
                .forEach(row -> keys.add(row.getBuffer("key").getBytes()));
        return keys;
    }

    public static void resolveInTransaction(Tx tx, Collection<Long> ids) {
        tx.execute(RESOLVE, ids(ids));
    }

    /** Saves why another attempt has failed. */
    public static void saveFailureInTransaction(Tx tx, long id, Rejected again) {
        tx.execute(SAVE_FAILURE, Tuple.of(id, again.reason().name(), PgText.of(again.message())));
    }

    /** @return how many of them were open */
    public static int evictInTransaction(Tx tx, String topic, int partition, Collection<Long> ids) {
        return tx.execute(EVICT, ids(ids).addValue(topic).addValue(partition)).rowCount();
    }

    public static void deleteResolvedInTransaction(Tx tx, Duration keep) {
        tx.execute(DELETE_RESOLVED, Tuple.of(keep.toMillis()));
    }

    private static Tuple ids(Collection<Long> ids) {
        return Tuple.tuple().addValue(ids.toArray(Long[]::new));
    }
}
