package dev.leat.view.time;

import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Comparator;
import java.util.List;

/**
 * Advisory locks of views, held to the end of the transaction. Batches share the lock, or take it exclusively where
 * the view wants that; closing takes it exclusively.
 *
 * <p>No deadlock: a batch holds its checkpoint, then takes the locks of all its views in one statement, in the order of their
 * names. Closing takes one lock and no checkpoint. A batch that took them one by one could wait for a closing that waits for
 * another batch.
 */
final class ViewLocks {

    private static final String NUMBER = "hashtextextended('leat.view.' || %s, 0)";

    // Evaluated in the arrays' order.
    private static final String LOCK_FOR_BATCH = """
            SELECT CASE WHEN u.alone THEN pg_advisory_xact_lock(%1$s)::text
                        ELSE pg_advisory_xact_lock_shared(%1$s)::text END
            FROM unnest($1::text[], $2::boolean[]) AS u(view, alone)
            """.formatted(NUMBER.formatted("u.view"));
    private static final String LOCK_ALONE = "SELECT pg_advisory_xact_lock(%s)".formatted(NUMBER.formatted("$1"));
    private static final String TRY_TO_CLOSE =
            "SELECT pg_try_advisory_xact_lock(hashtextextended('leat.close.' || $1, 0))";

    private ViewLocks() {}

    /**
     * Asks for the locks and doesn't wait for the answer: the transaction's next statements do. They are granted once none of
     * the views is being closed. After the checkpoint was moved, before anything is applied.
     */
    static void shareInTransaction(Tx tx, List<ClosableView> views) {
        List<ClosableView> sorted =
                views.stream().sorted(Comparator.comparing(ClosableView::name)).toList();
        tx.submit(
                LOCK_FOR_BATCH,
                Tuple.of(
                        sorted.stream().map(ClosableView::name).toArray(String[]::new),
                        sorted.stream().map(ClosableView::appliesExclusively).toArray(Boolean[]::new)));
    }

    /** Waits for the batches in progress; false, at once, when another instance is closing the view. */
    static boolean closeInTransaction(Tx tx, String view) {
        if (!tx.execute(TRY_TO_CLOSE, Tuple.of(view)).iterator().next().getBoolean(0)) {
            return false;
        }
        aloneInTransaction(tx, view);
        return true;
    }

    /** Waits for the batches in progress. */
    static void aloneInTransaction(Tx tx, String view) {
        tx.execute(LOCK_ALONE, Tuple.of(view));
    }
}
