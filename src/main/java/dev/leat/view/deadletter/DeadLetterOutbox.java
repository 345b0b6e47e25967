package dev.leat.view.deadletter;

import dev.leat.postgres.Transacting;
import dev.leat.view.outbox.Sent;
import dev.leat.view.outbox.Waiting;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The dead letters that a Kafka topic is to get a copy of and hasn't. Written with the letters; blocks. */
@ApplicationScoped
public class DeadLetterOutbox {

    // Locked while they are sent: another instance takes others, or finds none.
    private static final String SELECT_UNCOPIED = "SELECT id, reason, message, copy_to, " + EventColumns.NAMES + """
             FROM leat.dead_letter
            WHERE copy_to IS NOT NULL AND copied_at IS NULL AND copy_refused IS NULL AND copy_to <> ALL($1::text[])
            ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED""";
    private static final String SAVE_COPIED =
            "UPDATE leat.dead_letter SET copied_at = now() WHERE id = ANY($1::bigint[])";
    private static final String SET_ASIDE = """
            UPDATE leat.dead_letter d SET copy_refused = r.reason
            FROM unnest($1::bigint[], $2::text[]) AS r(id, reason) WHERE d.id = r.id""";
    private static final String MATCHES = " WHERE copy_refused IS NOT NULL AND ($1::bigint IS NULL OR id = $1)"
            + " AND ($2::text IS NULL OR stream = $2) AND ($3::text IS NULL OR copy_to = $3)";
    private static final String REDRIVE = "UPDATE leat.dead_letter SET copy_refused = NULL" + MATCHES;
    private static final String EVICT = "UPDATE leat.dead_letter SET copy_refused = NULL, copy_to = NULL" + MATCHES;
    private static final String COUNT = """
            SELECT (SELECT count(*) FROM leat.dead_letter
                    WHERE copy_to IS NOT NULL AND copied_at IS NULL AND copy_refused IS NULL),
                (SELECT first_attempt FROM leat.dead_letter
                 WHERE copy_to IS NOT NULL AND copied_at IS NULL AND copy_refused IS NULL ORDER BY id LIMIT 1),
                (SELECT count(*) FROM leat.dead_letter WHERE copy_refused IS NOT NULL)""";

    private final Transacting transactions;

    // Set once at start, before the first lane opens.
    private volatile Runnable wake = () -> {};

    DeadLetterOutbox(Transacting transactions) {
        this.transactions = transactions;
    }

    /** What is called when copies that were set aside are to be sent again, on the asking thread. */
    public void onRedrive(Runnable call) {
        wake = call;
    }

    /** Which copies that are set aside; null: whichever. */
    public record Copies(Long letter, String stream, String topic) {

        private Tuple parameters() {
            return Tuple.of(letter, stream, topic);
        }
    }

    /**
     * Sends the next copies, at least once each.
     *
     * @param exceptTopics copies for these aren't looked at
     * @param send to return within some seconds: the transaction is open
     * @return whether there was any
     */
    public boolean copyNext(Collection<String> exceptTopics, Function<List<DeadLetter>, Sent> send) {
        return transactions.run(tx -> {
            Tuple except = Tuple.tuple().addValue(exceptTopics.toArray(String[]::new));
            List<DeadLetter> letters = read(tx.execute(SELECT_UNCOPIED, except));
            if (letters.isEmpty()) {
                return false;
            }
            Sent sent = send.apply(letters);
            tx.execute(SAVE_COPIED, Tuple.tuple().addValue(sent.acknowledged().toArray(Long[]::new)));
            tx.execute(SET_ASIDE, reasons(sent.refused()));
            return true;
        });
    }

    private static Tuple reasons(Map<Long, String> refused) {
        List<Long> ids = List.copyOf(refused.keySet());
        return Tuple.tuple()
                .addValue(ids.toArray(Long[]::new))
                .addValue(ids.stream().map(id -> PgText.of(refused.get(id))).toArray(String[]::new));
    }

    /** @return how many copies wait again */
    public int redrive(Copies which) {
        return transactions.run(tx -> {
            tx.afterCommit(wake);
            return tx.execute(REDRIVE, which.parameters()).rowCount();
        });
    }

    /** @return how many copies were given up; the letters stay */
    public int evict(Copies which) {
        return transactions.run(tx -> tx.execute(EVICT, which.parameters()).rowCount());
    }

    public Waiting waiting() {
        return transactions.run(tx -> {
            Row row = tx.execute(COUNT, Tuple.tuple()).iterator().next();
            return new Waiting(row.getLong(0), row.getOffsetDateTime(1), row.getLong(2));
        });
    }

    private static List<DeadLetter> read(RowSet<Row> rows) {
        List<DeadLetter> letters = EventColumns.read(rows, DeadLetter::new);
        Iterator<Row> row = rows.iterator();
        for (DeadLetter letter : letters) {
            Row its = row.next();
            letter.reason = its.getString("reason");
            letter.message = its.getString("message");
            letter.copyTo = its.getString("copy_to");
        }
        return letters;
    }
}
