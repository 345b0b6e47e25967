package dev.leat.view.deadletter;

import dev.leat.postgres.Transacting;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** The dead letters that a Kafka topic is to get a copy of and hasn't. Written with the letters; blocks. */
@ApplicationScoped
public class DeadLetterOutbox {

    // Locked while they are sent: another instance takes others, or finds none.
    private static final String SELECT_UNCOPIED = "SELECT id, reason, message, copy_to, " + EventColumns.NAMES + """
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
    public boolean copyNext(Consumer<List<DeadLetter>> send) {
        return transactions.run(tx -> {
            List<DeadLetter> letters = read(tx.execute(SELECT_UNCOPIED, Tuple.tuple()));
            if (letters.isEmpty()) {
                return false;
            }
            send.accept(letters);
            Long[] ids = letters.stream().map(letter -> letter.id).toArray(Long[]::new);
            tx.execute(SAVE_COPIED, Tuple.tuple().addValue(ids));
            return true;
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
