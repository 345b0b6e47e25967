package dev.leat.view.writer;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.util.Map;

/** Applies decoded rows to one view. */
public interface ViewWriter {

    /**
     * Applies some of the rows within an open transaction.
     *
     * <p>The rows come in their turn: behind all of their partition that were applied before. Events that come out of
     * their turn (redriven ones) are to be applied one a call, so that each is held against what stands there.
     *
     * @param selected indexes of these rows, ascending; never empty
     */
    void applyInTransaction(Tx tx, Rows rows, int[] selected);

    /**
     * Whether lanes write the same rows of it: then one waits for the other's commit, and the less comes between a row's
     * change and that, the better.
     */
    default boolean sharesRows() {
        return false;
    }

    /**
     * How the view is kept.
     *
     * @param streams what its streams look like, by name
     */
    Explanation explain(Map<String, Shape> streams);

    /** The same for events that may be of several streams, where the kind of view takes such; by their indexes there. */
    default void applyInTransaction(Tx tx, OrderedEvents events, int[] selected) {
        applyInTransaction(tx, events.only(), selected);
    }
}
