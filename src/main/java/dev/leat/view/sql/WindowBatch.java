package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.view.time.LateEvents;
import java.util.List;

/**
 * A batch as a relation that has a row for each window that an event lies in, and only for those that aren't final. What
 * comes too late for a window is saved as such by the statement that reads it. In a transaction that shares the view's lock,
 * or closing could go on between this and the commit.
 */
record WindowBatch(ValidatedSelect checked, GroupedWindow window, BatchRelation batch) {

    static final String WINDOW = "_window";
    static final String END = "_window_end";
    static final ColumnType TIMESTAMP = ColumnType.of(ColumnType.Kind.TIMESTAMP);
    static final List<Column> OWN_COLUMNS =
            List.of(new Column(WINDOW, TIMESTAMP, true, ""), new Column(END, TIMESTAMP, true, ""));

    /** Up to when the view is closed: what ends there or before is final. */
    static String closedThrough(String view) {
        return "(SELECT coalesce(max(closed_through), '-infinity') FROM leat.view_close WHERE view = "
                + Sql.literal(view) + ")";
    }

    /** The stream stands for what isn't late; what is, is saved. */
    BoundSelect bound(Rows rows, int[] events) {
        return bound(with(rows), rows, events);
    }

    /** The same without saving what is late. */
    BoundSelect onTime(Rows rows, int[] events) {
        return bound(withOnTime(rows), rows, events);
    }

    private BoundSelect bound(String with, Rows rows, int[] events) {
        return new BoundSelect(with, checked.fromWhere(), () -> batch.parameters(rows, events), window.stream());
    }

    private String withOnTime(Rows rows) {
        return "_batch AS (" + window.window().cut(batch.select(rows)) + "),\n" + closed() + ",\n"
                + Sql.quote(batch.stream())
                + " AS (SELECT * FROM _batch WHERE _window_end > (SELECT through FROM _closed))";
    }

    /** A relation for a statement's WITH: up to when the view is closed. */
    String closed() {
        return "_closed AS MATERIALIZED (SELECT " + closedThrough(checked.view().name()) + " AS through)";
    }

    /** Relations for a statement's WITH: the stream under its name among them. Parameters are those of the batch. */
    String with(Rows rows) {
        return withOnTime(rows) + ",\n_late AS (WITH " + late(rows) + ")";
    }

    /** The stream stands for what is late, and that is saved. */
    private String late(Rows rows) {
        String alias = Sql.quote(window.stream().alias()) + ".";
        return Sql.quote(batch.stream())
                + " AS (SELECT * FROM _batch WHERE _window_end <= (SELECT through FROM _closed))\n"
                + LateEvents.INSERT_INTO + "\nSELECT DISTINCT "
                + Sql.literal(checked.view().name()) + ", "
                + Sql.literal(rows.stream().name()) + ", "
                + Sql.literal(rows.stream().topic()) + ", " + alias
                + "_partition, " + alias + "_offset, " + alias + "_time, " + alias + END + "\n"
                + checked.fromWhere() + "\n" + LateEvents.UNLESS_SAVED;
    }
}
