package dev.leat.view.sql;

import dev.leat.view.statement.Tx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows of a state that only remember that a key was deleted: they go with a later delete, once an hour, when they are old
 * enough. An event from before the delete that comes after that brings the key back.
 *
 * @param remembered by Postgres's clock
 */
record DeletedKeys(String state, Duration remembered, AtomicLong swept) {

    /** As long as a {@code latest} view remembers deletes, where nothing else is said. */
    static final Duration REMEMBERED = Duration.ofDays(30);

    private static final int AT_ONCE = 10_000;
    private static final long BETWEEN_SWEEPS = Duration.ofHours(1).toNanos();

    DeletedKeys(String state, Duration remembered) {
        this(state, remembered, new AtomicLong(System.nanoTime() - BETWEEN_SWEEPS - 1));
    }

    /** Lanes race for it; the one that notes the time sweeps. */
    void forgetInTransaction(Tx tx) {
        long last = swept.get();
        long now = System.nanoTime();
        if (now - last < BETWEEN_SWEEPS || !swept.compareAndSet(last, now)) {
            return;
        }
        // Skips what is locked: it waits for nobody while it holds the batch's rows.
        String sweep = "DELETE FROM " + state + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + state
                + " WHERE _deleted_since < now() - $1::bigint * interval '1 ms' ORDER BY _deleted_since LIMIT "
                + AT_ONCE
                + " FOR UPDATE SKIP LOCKED))";
        if (tx.execute(sweep, Tuple.of(remembered.toMillis())).rowCount() == AT_ONCE) {
            swept.set(last); // there are more
        }
    }
}
