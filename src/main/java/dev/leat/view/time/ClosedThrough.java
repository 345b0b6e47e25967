package dev.leat.view.time;

import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** Up to when a view is closed: what ends there or before is final. */
public final class ClosedThrough {

    private static final String SELECT_CLOSED = "SELECT closed_through FROM leat.view_close WHERE view = $1";

    private static final String SAVE_CLOSED = """
            INSERT INTO leat.view_close AS c (view, closed_through) VALUES ($1, $2)
            ON CONFLICT (view) DO UPDATE SET closed_through = greatest(c.closed_through, excluded.closed_through)
            """;

    private ClosedThrough() {}

    /** With the view's lock held, or it may change at once; {@link ClosableView#NEVER} if nothing was closed. */
    public static Instant inTransaction(Tx tx, String view) {
        RowIterator<Row> closed = tx.execute(SELECT_CLOSED, Tuple.of(view)).iterator();
        return closed.hasNext() ? closed.next().getOffsetDateTime(0).toInstant() : ClosableView.NEVER;
    }

    /** Waits for the batches in progress and blocks others. What ends there or before is late from then on. */
    public static void advanceInTransaction(Tx tx, String view, Instant through) {
        ViewLocks.aloneInTransaction(tx, view);
        saveInTransaction(tx, view, through);
    }

    static void saveInTransaction(Tx tx, String view, Instant through) {
        tx.execute(SAVE_CLOSED, Tuple.of(view, through.atOffset(ZoneOffset.UTC)));
    }
}
