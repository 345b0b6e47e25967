package dev.leat.view.time;

import dev.leat.view.statement.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;

/** How far a view is closed. */
public final class ClosedThrough {

    private static final String SELECT_CLOSED = "SELECT closed_through FROM leat.view_close WHERE view = $1";

    private ClosedThrough() {}

    /** With the view's lock held, or it may be another one at once; {@link ClosableView#NEVER} if nothing was closed. */
    public static Instant inTransaction(Tx tx, String view) {
        RowIterator<Row> closed = tx.execute(SELECT_CLOSED, Tuple.of(view)).iterator();
        return closed.hasNext() ? closed.next().getOffsetDateTime(0).toInstant() : ClosableView.NEVER;
    }
}
