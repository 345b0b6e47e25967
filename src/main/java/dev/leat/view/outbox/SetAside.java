package dev.leat.view.outbox;

import dev.leat.postgres.Transacting;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that Kafka can never take as they are ({@code leat.outbox_set_aside}). Redriven, they wait again with the ids that
 * they had; later events of their key may be in the topic by then. Blocks.
 */
@ApplicationScoped
public class SetAside {

    private static final String MATCHES = " WHERE ($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR view = $2)"
            + " AND ($3::text IS NULL OR topic = $3)";
    private static final String SELECT =
            "SELECT " + Outbox.COLUMNS + ", reason, set_aside_at FROM leat.outbox_set_aside" + MATCHES
                    + " AND ($4::bigint IS NULL OR id < $4) ORDER BY id DESC LIMIT $5";
    private static final String REDRIVE = "WITH redriven AS (DELETE FROM leat.outbox_set_aside" + MATCHES
            + " RETURNING *) INSERT INTO leat.outbox (" + Outbox.COLUMNS + ") OVERRIDING SYSTEM VALUE SELECT "
            + Outbox.COLUMNS + " FROM redriven";
    private static final String EVICT = "DELETE FROM leat.outbox_set_aside" + MATCHES;

    private final Transacting transactions;
    private final Outbox outbox;

    SetAside(Transacting transactions, Outbox outbox) {
        this.transactions = transactions;
        this.outbox = outbox;
    }

    /** Which of them; null: whichever. */
    public record Filter(Long id, String view, String topic) {

        private Tuple parameters() {
            return Tuple.of(id, view, topic);
        }
    }

    /**
     * One of them.
     *
     * @param reason why Kafka can't take it
     * @param at when that was found
     */
    public record Event(OutboxEvent event, String reason, OffsetDateTime createdAt, OffsetDateTime at) {}

    /**
     * From the highest id to the lowest.
     *
     * @param before only ids below this one; null: all
     */
    public List<Event> list(Filter filter, Long before, int limit) {
        return transactions.run(tx -> {
            List<Event> events = new ArrayList<>();
            Tuple parameters = filter.parameters().addValue(before).addValue(limit);
            for (Row row : tx.execute(SELECT, parameters)) {
                events.add(new Event(
                        Outbox.event(row),
                        row.getString("reason"),
                        row.getOffsetDateTime("created_at"),
                        row.getOffsetDateTime("set_aside_at")));
            }
            return events;
        });
    }

    /** @return how many wait again */
    public int redrive(Filter filter) {
        return transactions.run(tx -> {
            int redriven = tx.execute(REDRIVE, filter.parameters()).rowCount();
            if (redriven > 0) {
                outbox.wakeAfterCommit(tx);
            }
            return redriven;
        });
    }

    /** @return how many were given up */
    public int evict(Filter filter) {
        return transactions.run(tx -> tx.execute(EVICT, filter.parameters()).rowCount());
    }
}
