package dev.leat.view.deadletter;

import dev.leat.postgres.Transacting;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The dead letters that a Kafka topic shall get a copy of and hasn't. Written with the letters; blocks. */
@ApplicationScoped
public class DeadLetterOutbox {

    // Locked while they are sent: another instance takes others, or waits for its turn by finding none.
    private static final String SELECT_UNCOPIED = """
            SELECT id, stream, view, topic, partition, "offset", event_timestamp, key, value, headers, reason, message,
                   schema_id, copy_to
            FROM leat.dead_letter WHERE copy_to IS NOT NULL AND copied_at IS NULL
            ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED""";
    private static final String SAVE_COPIED =
            "UPDATE leat.dead_letter SET copied_at = now() WHERE id = ANY($1::bigint[])";

    private final Transacting transactions;

    DeadLetterOutbox(Transacting transactions) {
        this.transactions = transactions;
    }

    /**
     * Sends the next letters that weren't copied, at least once each.
     *
     * @param send returns when Kafka has acknowledged them all, or throws
     * @return whether there was any
     */
    public boolean copyNext(Consumer<List<NewDeadLetter>> send) {
        return transactions.run(tx -> {
            List<Long> ids = new ArrayList<>();
            List<NewDeadLetter> letters = new ArrayList<>();
            for (Row row : tx.execute(SELECT_UNCOPIED, Tuple.tuple())) {
                ids.add(row.getLong("id"));
                letters.add(new NewDeadLetter(
                        StoredRecord.of(row),
                        row.getString("stream"),
                        row.getString("view"),
                        row.getLong("schema_id"),
                        dev.leat.schema.topic.Rejected.Reason.valueOf(row.getString("reason")),
                        row.getString("message"),
                        false,
                        row.getString("copy_to")));
            }
            if (letters.isEmpty()) {
                return false;
            }
            send.accept(letters);
            tx.execute(SAVE_COPIED, Tuple.tuple().addValue(ids.toArray(Long[]::new)));
            return true;
        });
    }
}
