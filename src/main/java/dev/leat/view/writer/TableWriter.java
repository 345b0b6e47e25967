package dev.leat.view.writer;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Applies rows to a view whose table has the stream's own columns. What a kind of view is, is told here. */
public interface TableWriter extends ViewWriter {

    Column PARTITION =
            new Column("_partition", ColumnType.of(ColumnType.Kind.INT), true, "Kafka partition of the event");
    Column OFFSET = new Column("_offset", ColumnType.of(ColumnType.Kind.LONG), true, "Kafka offset of the event");

    /**
     * Columns that the kind adds behind the stream's; those that aren't required may be null.
     *
     * @param ofStream the stream's columns
     */
    List<Column> ownColumns(List<Column> ofStream);

    /** Whether a column of the view is one that the kind adds. */
    default boolean isOwn(Column column) {
        return column.isOwn();
    }

    /** @throws ContractException when the kind can't keep such a stream */
    default void requireFit(Shape shape) {}

    /** The table's primary key. */
    List<String> key();

    /** Whether rows of deletes stand in the table: they have their key's columns, and null in the stream's others. */
    boolean showsDeletes();

    /**
     * Makes what the kind needs beside the view's table, anew: the view itself is new. Within the transaction of its
     * DDL.
     */
    default void createCompanions(Tx tx, Shape shape) {}

    /** Makes what the kind needs beside the table of a view that stands, where it isn't there. */
    default void ensureCompanions(Tx tx, Shape shape) {}

    /** Does beside the table what was done to it. Within the transaction of the DDL, behind the table's own. */
    default void growCompanions(Tx tx, List<Column> added, List<Column> widened) {}

    /** Removes what {@link #createCompanions} made. Within the transaction in which the view's table goes. */
    default void dropCompanions(Tx tx) {}

    /** Makes it the companion of a view of another name. Within the transaction in which the view's table gets it. */
    default void renameCompanions(Tx tx, String view) {}

    /** The stream's columns and the kind's own, as a reader sees them. */
    default List<Column> catalogued(List<Column> ofStream, Stream stream) {
        List<Column> columns = new ArrayList<>();
        for (Column column : ofStream) {
            columns.add(showsDeletes() && !stream.key().contains(column.name()) ? column.optional() : column);
        }
        columns.addAll(ownColumns(ofStream));
        return columns;
    }
}
