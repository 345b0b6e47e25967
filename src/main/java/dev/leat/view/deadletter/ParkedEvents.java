package dev.leat.view.deadletter;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.PgArrays;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps the events that wait behind dead letters, and knows whose keys they have. */
public final class ParkedEvents {

    private static final String INSERT_PARKED_EVENT = """
            INSERT INTO leat.parked_event (stream, view, topic, partition, "offset", event_timestamp, key, value, headers)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """;

    // An event may wait without a letter in front of it while a long redrive is under way.
    private static final String SELECT_PARKED_KEYS = """
            SELECT key, stream, view FROM leat.dead_letter
            WHERE topic = $1 AND partition = $2 AND resolution IS NULL AND parks
            UNION
            SELECT key, stream, view FROM leat.parked_event WHERE topic = $1 AND partition = $2
            """;

    private ParkedEvents() {}

    public static void saveInTransaction(Tx tx, List<NewParkedEvent> held) {
        tx.executeEach(
                INSERT_PARKED_EVENT,
                held.stream()
                        .map(h -> Tuple.from(new Object[] {
                            h.stream(),
                            h.view(),
                            h.record().topic(),
                            h.record().partition(),
                            h.record().offset(),
                            PgArrays.timestamp(h.record().timestamp() * 1000),
                            DeadLetters.bytes(h.record().key()),
                            DeadLetters.bytes(h.record().value()),
                            DeadLetters.json(h.record().headers())
                        }))
                        .toList());
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
