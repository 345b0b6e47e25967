package dev.leat.view.writer.latest;

import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Forgets deletes that were remembered for long enough, once an hour, together with a later delete. Deletes a bounded number
 * at a time and skips locked rows. Lanes share it.
 */
public final class DeleteSweep {

    private static final Duration BETWEEN = Duration.ofHours(1);
    private static final int AT_ONCE = 10_000;

    private final String statement;
    private final InstantSource clock;

    // Lanes race for it; the one that moves it sweeps.
    private final AtomicReference<Instant> next = new AtomicReference<>(Instant.MIN);

    /**
     * @param table of which whole rows go; qualified and quoted
     * @param deleted its column with the time of the delete
     * @param before SQL of the moment before which deletes are forgotten, with {@code $1}
     * @param clock tells when an hour is over
     */
    public DeleteSweep(String table, String deleted, String before, InstantSource clock) {
        // Skips what is locked: it waits for nobody while it holds the batch's rows.
        this.statement = "DELETE FROM " + table + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table + " WHERE "
                + deleted + " < " + before + " ORDER BY " + deleted + " LIMIT " + AT_ONCE
                + " FOR UPDATE SKIP LOCKED))";
        this.clock = clock;
    }

    /** @param parameter gives the value of {@code $1}, now */
    public void sweepIfDueInTransaction(Tx tx, Function<Instant, Object> parameter) {
        Instant now = clock.instant();
        Instant due = next.get();
        if (now.isBefore(due) || !next.compareAndSet(due, now.plus(BETWEEN))) {
            return;
        }
        if (tx.execute(statement, Tuple.of(parameter.apply(now))).rowCount() == AT_ONCE) {
            next.set(now); // there are more
        }
    }
}
