package dev.leat.view.deadletter;

import dev.leat.postgres.Tx;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of parked events, within a transaction, and which keys they and their dead letters have. */
public final class ParkedEvents {

    private static final String INSERT = "INSERT INTO leat.parked_event (" + EventColumns.NAMES
            + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    // An event may wait without an open letter while a long redrive is under way.
    private static final String SELECT_PARKED_KEYS = """
            SELECT key, stream, view FROM leat.dead_letter
            WHERE topic = $1 AND partition = $2 AND resolution IS NULL AND parks
            UNION
            SELECT key, stream, view FROM leat.parked_event WHERE topic = $1 AND partition = $2
            """;
    private static final String SELECT_OF_KEYS = "SELECT id, " + EventColumns.NAMES + """
             FROM leat.parked_event
            WHERE topic = $1 AND partition = $2 AND key = ANY($3::bytea[])
              AND sha256(key) IN (SELECT sha256(k) FROM unnest($3::bytea[]) k)
            ORDER BY "offset" LIMIT $4""";
    private static final String SELECT_ORPHANED_KEYS = """
            SELECT DISTINCT p.key FROM leat.parked_event p
            WHERE p.topic = $1 AND p.partition = $2 AND NOT EXISTS (SELECT FROM leat.dead_letter d
                WHERE d.topic = p.topic AND d.partition = p.partition AND d.key = p.key AND d.parks
                  AND d.resolution IS NULL)""";
    private static final String DELETE = "DELETE FROM leat.parked_event WHERE id = ANY($1::bigint[])";

    private ParkedEvents() {}

    public static void saveInTransaction(Tx tx, List<ParkedEvent> events) {
        tx.executeEach(INSERT, events.stream().map(EventColumns::parameters).toList());
    }

    /** The first events of these keys, by offset. */
    public static List<ParkedEvent> ofKeysInTransaction(
            Tx tx, String topic, int partition, List<byte[]> keys, int atMost) {
        if (keys.isEmpty()) {
            return List.of();
        }
        return EventColumns.read(
                tx.execute(SELECT_OF_KEYS, Tuple.of(topic, partition, EventColumns.buffers(keys), atMost)),
                ParkedEvent::new);
    }

    /** Keys of events that wait without an open letter: a redrive was broken off. */
    public static List<byte[]> orphanedKeysInTransaction(Tx tx, String topic, int partition) {
        List<byte[]> keys = new ArrayList<>();
        tx.execute(SELECT_ORPHANED_KEYS, Tuple.of(topic, partition))
                .forEach(row -> keys.add(row.getBuffer("key").getBytes()));
        return keys;
    }

    public static void deleteInTransaction(Tx tx, Collection<Long> ids) {
        tx.execute(DELETE, Tuple.tuple().addValue(ids.toArray(Long[]::new)));
    }

    /** @param version of the checkpoint's row, read before or in the same transaction */
    public static ParkedKeys keysInTransaction(Tx tx, String topic, int partition, long version) {
        Map<ByteBuffer, Set<Scope>> keys = new HashMap<>();
        for (Row row : tx.execute(SELECT_PARKED_KEYS, Tuple.of(topic, partition))) {
            keys.computeIfAbsent(ByteBuffer.wrap(row.getBuffer("key").getBytes()), k -> new HashSet<>())
                    .add(new Scope(row.getString("stream"), row.getString("view")));
        }
        return keys.isEmpty() && version == 0 ? ParkedKeys.none() : new ParkedKeys(version, keys);
    }
}
