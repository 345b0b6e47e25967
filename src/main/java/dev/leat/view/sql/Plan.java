package dev.leat.view.sql;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.sql.delta.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a view in SQL is kept, for the columns that its streams have now. */
interface Plan {

    /** What a reader sees, in order. */
    List<Column> columns();

    /** Names of the columns that identify a row; empty only where there are no rows to read. */
    List<String> key();

    /** Whether events of several lanes change the same row. */
    default boolean sharesRows() {
        return false;
    }

    /** The table of the state; empty for a view that keeps none. */
    default Optional<SqlStateTable> state() {
        return Optional.empty();
    }

    /** Tables that belong to the state: they are created and dropped with it. */
    default List<SqlStateTable> companions() {
        return List.of();
    }

    /** Tables that Postgres itself keeps current when others change; the state is the last of them. */
    default List<Node> nodes() {
        return List.of();
    }

    /** Tables that are there and can't become what they are to be; they can be made anew out of others. */
    default List<SqlStateTable> outdated(Tx tx) {
        return List.of();
    }

    /** What is computed of a row when it is read, and may fail for it; by the name of the column. */
    default Map<String, Guard> guards() {
        return Map.of();
    }

    /** What the state begins with, as a statement that may run again; empty where it begins without rows. */
    default Optional<String> beginning() {
        return Optional.empty();
    }

    /** The SELECT by which readers see the state; empty for a view that only writes to a topic. */
    default Optional<String> visible() {
        return Optional.empty();
    }

    /** What it writes to a topic. */
    default Optional<EmittedRows> emission() {
        return Optional.empty();
    }

    /** Before anything is applied, where there is an {@link #emission()}. */
    default void emitTo(Emitter emitter) {}

    /** What is kept beside the state, of streams that are joined. */
    default List<JoinSide> sides() {
        return List.of();
    }

    /** The statement that merges what the bound SELECT yields. */
    default String mergeStatement(BoundSelect bound) {
        throw new UnsupportedOperationException("no join is kept that way");
    }

    /** That one, and what follows it. */
    default List<String> mergeStatements(BoundSelect bound) {
        return List.of(mergeStatement(bound));
    }

    /** @param cause the events that bring what is merged */
    default void mergeInTransaction(Tx tx, BoundSelect bound, EmitCause cause) {
        tx.submit(mergeStatement(bound), bound.parameters().get());
    }

    /** How it is kept, in a sentence or two. */
    String kept();

    /** How each column is kept, by its name. */
    default Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        columns().forEach(column -> rules.put(column.name(), "what the SELECT gives"));
        return rules;
    }

    /**
     * What runs for a batch.
     *
     * @param rows of one of its streams; none needed
     */
    List<String> statements(Rows rows);

    /** What is kept besides what readers see, and when that is cleaned up. */
    default List<String> retainedState() {
        return List.of();
    }

    /** What becomes final in it; empty for a view in which nothing does. */
    default Optional<FinalRows> finalRows() {
        return Optional.empty();
    }

    /**
     * Applies some of the rows within an open transaction.
     *
     * @param selected indexes of these rows, ascending; never empty
     */
    void applyInTransaction(Tx tx, Rows rows, int[] selected);
}
