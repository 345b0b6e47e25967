package dev.leat.view.sql;

import dev.leat.schema.Column;
import dev.leat.schema.Rows;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.statement.Tx;
import java.util.List;
import java.util.Optional;

/** How a view in SQL is kept, for the columns that its streams have now. */
interface Plan {

    /** What a reader sees, in order. */
    List<Column> columns();

    /** Names of the columns that identify a row; empty only where there are no rows to read. */
    List<String> key();

    /** Where the state stands; empty for a view that keeps none. */
    Optional<StateTable> state();

    /** Tables that belong to the state: they are made and dropped with it. */
    default List<StateTable> companions() {
        return List.of();
    }

    /** The SELECT by which readers see the state; empty for a view that only writes to a topic. */
    Optional<String> visible();

    /** What it writes to a topic. */
    default Optional<Emission> emission() {
        return Optional.empty();
    }

    /** Before anything is applied, where there is an {@link #emission()}. */
    default void emitTo(Emitter emitter) {}

    /**
     * Applies some of the rows within an open transaction.
     *
     * @param selected indexes of these rows, ascending; never empty
     */
    void applyInTransaction(Tx tx, Rows rows, int[] selected);
}
