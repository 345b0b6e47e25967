package dev.leat.view.sql;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import java.util.List;

/** A plan by which each batch is merged in one statement. A delete has nothing but its key: it changes nothing. */
interface EventPlan extends Plan {

    /**
     * The SELECT with some of a batch's rows bound in place of its streams.
     *
     * @param events indexes of these rows, ascending
     */
    BoundSelect bound(Rows rows, int[] events);

    @Override
    default void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] events = VisibleEvents.withoutDeletes(rows, selected);
        if (events.length > 0) {
            mergeInTransaction(tx, bound(rows, events), EmitCause.of(rows, events));
        }
    }

    @Override
    default List<String> statements(Rows rows) {
        return mergeStatements(bound(rows, new int[0]));
    }
}
