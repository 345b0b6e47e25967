package dev.leat.view.outbox;

import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Turns at the outbox: one relay at a time over all instances, so that events are sent in the order of their ids. What is
 * sent in a turn that isn't committed is sent again in the next. Blocks.
 */
@ApplicationScoped
public class OutboxTurns {

    private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('leat.outbox', 0))";
    // The one with the lowest id is the oldest, but for what was redriven.
    private static final String COUNT = """
            SELECT (SELECT count(*) FROM (SELECT FROM leat.outbox LIMIT 1000000) o),
                (SELECT created_at FROM leat.outbox ORDER BY id LIMIT 1),
                (SELECT count(*) FROM (SELECT FROM leat.outbox_set_aside LIMIT 1000000) o)""";

    private final Transacting transactions;
    private final Outbox outbox;

    OutboxTurns(Transacting transactions, Outbox outbox) {
        this.transactions = transactions;
        this.outbox = outbox;
    }

    /** The outcome of a turn. */
    public enum Turn {
        /** There was something; there may be more. */
        WORKED,
        /** Nothing waits, or only for topics that were left out. */
        EMPTY,
        /** Another relay has the turn. */
        BUSY
    }

    /**
     * Sends the next events.
     *
     * @param exceptTopics events for these aren't looked at
     * @param send to return within some seconds: the transaction is open
     */
    public Turn take(Collection<String> exceptTopics, Function<List<OutboxEvent>, Sent> send) {
        return transactions.run(tx -> {
            if (!isFirst(tx)) {
                return Turn.BUSY;
            }
            List<OutboxEvent> events = outbox.nextInTransaction(tx, exceptTopics);
            if (events.isEmpty()) {
                return Turn.EMPTY;
            }
            Sent sent = send.apply(events);
            outbox.deleteInTransaction(tx, sent.acknowledged());
            outbox.setAsideInTransaction(tx, sent.refused());
            return Turn.WORKED;
        });
    }

    private static boolean isFirst(Tx tx) {
        return tx.execute(TRY_LOCK, Tuple.tuple()).iterator().next().getBoolean(0);
    }

    public Waiting waiting() {
        return transactions.run(tx -> {
            Row row = tx.execute(COUNT, Tuple.tuple()).iterator().next();
            return new Waiting(row.getLong(0), row.getOffsetDateTime(1), row.getLong(2));
        });
    }
}
