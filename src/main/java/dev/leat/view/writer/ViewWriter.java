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
     * <p>The rows come in the order of their partition, after all that were applied before. Events out of that order (redriven
     * ones) must be applied one a call, so that each is compared with the existing rows.
     *
     * @param selected indexes of these rows, ascending; never empty
     */
    void applyInTransaction(Tx tx, Rows rows, int[] selected);

    /**
     * Whether several lanes write the same rows of it. Then one waits for the other's commit, so such views are applied last
     * in a batch.
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
