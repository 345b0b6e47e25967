package dev.leat.view.writer.latest;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;

/**
 * What a {@code latest} view does with deletes, and how it remembers them, so that an older event can't bring a row back.
 *
 * <p>A delete has no event time of its own: its version is the newest event time that is known of its key up to it, then
 * its position.
 */
public interface Deletes {

    /** What is kept of deletes, and for how long, for people. */
    String description();

    /** Columns of the table after the position. */
    List<Column> ownColumns();

    /** Their values for these rows. */
    void addOwnValues(Tuple parameters, Rows rows, int[] selected);

    /**
     * The rows that a batch begins with: one of each key that it touches, in order, so that the statement locks each key's
     * row, or inserts it. Nothing else of the batch may touch the table before.
     */
    int[] firstRows(LatestPerKey latest);

    /** The offsets that these rows are written with. */
    Long[] offsets(Rows rows, int[] selected);

    /**
     * Condition on a row {@code u} that is to be written; empty: none.
     *
     * @param partition the parameter that has the rows' partition
     */
    String insertCondition(String partition);

    /** Condition on which a row {@code excluded} overwrites {@code t}. */
    String overwriteCondition();

    /** Deletes, and remembers it, what {@link #firstRows} has locked. */
    void applyInTransaction(Tx tx, Rows rows, LatestPerKey latest);

    default void createCompanions(Tx tx, Shape shape) {}

    default void ensureCompanions(Tx tx, Shape shape) {}

    default void dropCompanions(Tx tx) {}

    /** @param view name of the view that this becomes */
    default void renameCompanions(Tx tx, String view) {}

    /** @param widened columns of the view whose type is wider now */
    default void widenCompanions(Tx tx, List<Column> widened) {}

    /**
     * That {@code excluded} is from after {@code t}. Offsets compare within a partition only; an event that comes from
     * another one (the topic was given more partitions) has been produced later.
     */
    String IS_LATER = "(t._partition <> excluded._partition OR t._offset < excluded._offset)";
}
