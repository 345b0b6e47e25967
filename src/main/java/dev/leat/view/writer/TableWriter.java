package dev.leat.view.writer;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Applies rows to a view whose table has the stream's own columns, and defines what such a kind of view is. */
public interface TableWriter extends ViewWriter {

    Column PARTITION =
            new Column("_partition", ColumnType.of(ColumnType.Kind.INT), true, "Kafka partition of the event");
    Column OFFSET = new Column("_offset", ColumnType.of(ColumnType.Kind.LONG), true, "Kafka offset of the event");

    /**
     * Columns that the kind adds after the stream's; those that aren't required may be null.
     *
     * @param ofStream the stream's columns
     */
    List<Column> ownColumns(List<Column> ofStream);

    /** Whether a column of the view is one that the kind adds. */
    default boolean isOwn(Column column) {
        return column.isOwn();
    }

    /**
     * @param at says where a setting of the view is declared
     * @throws ContractException when the kind can't keep such a stream
     */
    default void requireFit(Shape shape, UnaryOperator<String> at) {}

    /** The table's primary key. */
    List<String> key();

    /** Whether the table has rows of deletes: they have their key's columns, and null in the stream's others. */
    boolean showsDeletes();

    /**
     * Creates what the kind needs beside the table of a new view. What exists is of a removed view, and is dropped. Within
     * the transaction of the view's DDL.
     */
    default void createCompanions(Tx tx, Shape shape) {}

    /** Creates what the kind needs beside the table of an existing view, where it is missing. */
    default void ensureCompanions(Tx tx, Shape shape) {}

    /** Changes it as the table was changed. Within the transaction of the DDL, after the table's own. */
    default void growCompanions(Tx tx, List<Column> added, List<Column> widened) {}

    /** Removes what {@link #createCompanions} made. Within the transaction in which the view's table goes. */
    default void dropCompanions(Tx tx) {}

    /** Renames it after another view. Within the transaction that renames the view's table. */
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
