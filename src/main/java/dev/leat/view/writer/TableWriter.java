package dev.leat.view.writer;

import dev.leat.pipeline.Stream;
import dev.leat.schema.Column;
import dev.leat.schema.ColumnType;
import dev.leat.schema.Shape;
import dev.leat.view.statement.Tx;
import java.util.ArrayList;
import java.util.List;

/** Applies rows to a view whose table has the stream's own columns. What a kind of view is, is told here. */
public interface TableWriter extends ViewWriter {

    Column PARTITION =
            new Column("_partition", ColumnType.of(ColumnType.Kind.INT), true, "Kafka partition of the event");
    Column OFFSET = new Column("_offset", ColumnType.of(ColumnType.Kind.LONG), true, "Kafka offset of the event");

    /** Columns that the kind adds behind the stream's. */
    List<Column> ownColumns();

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

    /** Gives the key's columns beside the table the types that they have in it now. Within the transaction of the DDL. */
    default void widenCompanions(Tx tx, List<Column> widened) {}

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
        columns.addAll(ownColumns());
        return columns;
    }
}
