package dev.leat.view.outbox;

import dev.leat.postgres.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The events that wait to be sent to Kafka ({@code leat.outbox}). Blocks. */
@ApplicationScoped
public class Outbox {

    /** Of an event, whether it waits or is set aside. */
    static final String COLUMNS = "id, view, topic, key, value, event_timestamp, source_topic, source_partition,"
            + " source_offset, row, created_at";

    private static final String INSERT = """
            INSERT INTO leat.outbox (view, topic, key, value, event_timestamp, source_topic, source_partition, source_offset, row)
            SELECT $1, $2, u.key, u.value, u.at, u.topic, u.partition, u."offset", u.row
            FROM unnest($3::bytea[], $4::bytea[], $5::timestamptz[], $6::text[], $7::integer[],
                $8::bigint[], $9::integer[]) WITH ORDINALITY AS u(key, value, at, topic, partition, "offset", row, n)
            ORDER BY u.n""";
    private static final String SELECT_NEXT = """
            SELECT * FROM (
                SELECT o.*, sum(octet_length(coalesce(value, ''))) OVER (ORDER BY id) - octet_length(coalesce(value, '')) AS before
                FROM (SELECT * FROM leat.outbox WHERE topic <> ALL($1::text[]) ORDER BY id LIMIT $2) o) sized
            WHERE before < $3 ORDER BY id""";
    private static final String DELETE = "DELETE FROM leat.outbox WHERE id = ANY($1::bigint[])";

    private static final String SET_ASIDE =
            "WITH refused AS (DELETE FROM leat.outbox WHERE id = ANY($1::bigint[]) RETURNING *)"
                    + " INSERT INTO leat.outbox_set_aside (" + COLUMNS + ", reason) SELECT " + COLUMNS + ", r.reason"
                    + " FROM refused JOIN unnest($1::bigint[], $2::text[]) AS r(id, reason) USING (id)";

    private static final int EVENTS_AT_ONCE = 1000;
    private static final long BYTES_AT_ONCE = 8 << 20;

    // Set once at start, before the first lane opens.
    private volatile Runnable wake = () -> {};

    /** What is called after each commit that has appended to the outbox, on the committing thread. */
    public void onCommit(Runnable call) {
        wake = call;
    }

    /** Appends these events, all of one view. The outbox gives them their ids. */
    void saveInTransaction(Tx tx, List<OutboxEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        int size = events.size();
        Buffer[] keys = new Buffer[size];
        Buffer[] values = new Buffer[size];
        OffsetDateTime[] timestamps = new OffsetDateTime[size];
        String[] topics = new String[size];
        Integer[] partitions = new Integer[size];
        Long[] offsets = new Long[size];
        Integer[] rows = new Integer[size];
        for (int i = 0; i < size; i++) {
            OutboxEvent event = events.get(i);
            keys[i] = buffer(event.key());
            values[i] = buffer(event.value());
            timestamps[i] = event.origin().timestamp();
            topics[i] = event.origin().topic();
            partitions[i] = event.origin().partition();
            offsets[i] = event.origin().offset();
            rows[i] = event.row();
        }
        OutboxEvent first = events.getFirst();
        tx.execute(
                INSERT,
                Tuple.of(first.view(), first.topic())
                        .addValue(keys)
                        .addValue(values)
                        .addValue(timestamps)
                        .addValue(topics)
                        .addValue(partitions)
                        .addValue(offsets)
                        .addValue(rows));
        wakeAfterCommit(tx);
    }

    void wakeAfterCommit(Tx tx) {
        tx.afterCommit(wake);
    }

    /** The next events by id, up to a thousand or some 8 MB, without those for these topics. */
    List<OutboxEvent> nextInTransaction(Tx tx, Collection<String> exceptTopics) {
        List<OutboxEvent> events = new ArrayList<>();
        for (Row row : tx.execute(
                SELECT_NEXT,
                Tuple.tuple()
                        .addValue(exceptTopics.toArray(String[]::new))
                        .addValue(EVENTS_AT_ONCE)
                        .addValue(BYTES_AT_ONCE))) {
            events.add(event(row));
        }
        return events;
    }

    /** @param row with {@link #COLUMNS} */
    static OutboxEvent event(Row row) {
        return new OutboxEvent(
                row.getLong("id"),
                row.getString("view"),
                row.getString("topic"),
                bytes(row.getBuffer("key")),
                bytes(row.getBuffer("value")),
                new EventOrigin(
                        row.getString("source_topic"),
                        row.getInteger("source_partition"),
                        row.getLong("source_offset"),
                        row.getOffsetDateTime("event_timestamp")),
                row.getInteger("row"));
    }

    /** Forgets events that the broker has acknowledged. */
    void deleteInTransaction(Tx tx, Collection<Long> ids) {
        if (!ids.isEmpty()) {
            tx.execute(DELETE, Tuple.tuple().addValue(ids.toArray(Long[]::new)));
        }
    }

    /** Keeps events that can't be sent apart from those that wait. */
    void setAsideInTransaction(Tx tx, Map<Long, String> reasons) {
        if (!reasons.isEmpty()) {
            List<Long> ids = List.copyOf(reasons.keySet());
            tx.execute(
                    SET_ASIDE,
                    Tuple.tuple()
                            .addValue(ids.toArray(Long[]::new))
                            .addValue(ids.stream()
                                    .map(id -> reasons.get(id).replace('\0', ' '))
                                    .toArray(String[]::new)));
        }
    }

    private static Buffer buffer(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    private static byte[] bytes(io.vertx.mutiny.core.buffer.Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
