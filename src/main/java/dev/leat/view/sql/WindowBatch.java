package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Rows;
import dev.leat.view.time.LateEvents;

/**
 * A batch as a relation with a row for each window of each event, without the windows that are final. The statement that
 * reads it saves late events as such. The transaction must hold the view's lock, or the view could be closed between this
 * statement and the commit.
 */
record WindowBatch(ValidatedSelect validated, GroupedWindow window, BatchRelation batch) {

    /** Up to when the view is closed: what ends there or before is final. */
    static String closedThrough(String view) {
        return "(SELECT coalesce(max(closed_through), '-infinity') FROM leat.view_close WHERE view = "
                + Sql.literal(view) + ")";
    }

    /** The SELECT over what isn't late; its statement saves what is. */
    BoundSelect bound(Rows rows, int[] events) {
        return bound(with(rows), rows, events);
    }

    /** The same without saving what is late. */
    BoundSelect onTime(Rows rows, int[] events) {
        return bound(withOnTime(rows), rows, events);
    }

    private BoundSelect bound(String with, Rows rows, int[] events) {
        return new BoundSelect(with, validated.fromWhere(), () -> batch.parameters(rows, events), window.stream());
    }

    private String withOnTime(Rows rows) {
        return "_batch AS (" + window.window().cut(batch.select(rows)) + "),\n" + closed() + ",\n"
                + Sql.quote(batch.stream())
                + " AS (SELECT * FROM _batch WHERE _window_end > (SELECT through FROM _closed))";
    }

    /** A relation for a statement's WITH: up to when the view is closed. */
    String closed() {
        return "_closed AS MATERIALIZED (SELECT "
                + closedThrough(validated.view().name()) + " AS through)";
    }

    /** Relations for a statement's WITH: the stream under its name among them. Parameters are those of the batch. */
    String with(Rows rows) {
        return withOnTime(rows) + ",\n_late AS (WITH " + late(rows) + ")";
    }

    /** The SELECT over what is late, saved by an INSERT. */
    private String late(Rows rows) {
        String alias = Sql.quote(window.stream().alias()) + ".";
        return Sql.quote(batch.stream())
                + " AS (SELECT * FROM _batch WHERE _window_end <= (SELECT through FROM _closed))\n"
                + LateEvents.INSERT_INTO + "\nSELECT DISTINCT "
                + Sql.literal(validated.view().name()) + ", "
                + Sql.literal(rows.stream().name()) + ", "
                + Sql.literal(rows.stream().topic()) + ", " + alias
                + "_partition, " + alias + "_offset, " + alias + "_time, " + alias + Window.END + "\n"
                + validated.fromWhere() + "\n" + LateEvents.UNLESS_SAVED;
    }
}
