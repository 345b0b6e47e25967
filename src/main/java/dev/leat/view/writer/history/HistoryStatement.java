package dev.leat.view.writer.history;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * The statement that derives the histories of a batch's keys from their events, from the earliest time that the batch touches
 * on. It writes only the rows that differ. Its own names begin with {@code #}, which no field's does.
 */
record HistoryStatement(Stream stream, View.History view, String table, KeyedEvents events) {

    /** For {@link KeyedEvents#batchParameters}. */
    String text(Rows rows, List<String> columns) {
        return "WITH " + events.batch(rows) + ", touched AS MATERIALIZED (" + touched(rows) + "), told AS ("
                + told(columns) + "), moments AS (" + moments() + "), compared AS (" + compared(columns)
                + "), spans AS MATERIALIZED (" + spans() + "), removed AS (" + remove() + "), ended AS (" + end() + ") "
                + put(columns);
    }

    /** The keys, and since when their histories are looked at: an event out of order may move later deletes. */
    private String touched(Rows rows) {
        return "SELECT " + key("b") + ", CASE WHEN EXISTS (SELECT FROM " + events.table() + " AS d WHERE "
                + same("d", "b")
                + " AND d._deleted AND d._partition = " + events.partition(rows)
                + " AND d._offset > b.\"#first\" AND d._offset <> ALL (b.\"#offsets\")) THEN (SELECT min(e.valid_from)"
                + " FROM " + events.table() + " AS e WHERE " + same("e", "b") + ") ELSE b.\"#since\" END AS \"#since\""
                + " FROM (SELECT " + key() + ", min(_offset) AS \"#first\", array_agg(_offset) AS \"#offsets\","
                + " min(valid_from) AS \"#since\" FROM batch GROUP BY " + key() + ") AS b";
    }

    /** The events since then, and the last one before. */
    private String told(List<String> columns) {
        String select = "SELECT e.* FROM (SELECT " + Sql.list(columns, Sql::quote)
                + ", _partition, _offset, _deleted, valid_from FROM " + events.table() + ") AS e WHERE "
                + same("e", "t");
        return "SELECT e.*, t.\"#since\" FROM touched AS t CROSS JOIN LATERAL ((" + select
                + " AND e.valid_from < t.\"#since\" ORDER BY e.valid_from DESC, e._partition DESC, e._offset DESC"
                + " LIMIT 1) UNION ALL (" + select + " AND e.valid_from >= t.\"#since\")) AS e";
    }

    /** Of several at one time, the last counts. What follows a delete begins a new state, even at the same time. */
    private String moments() {
        String atOnce = "PARTITION BY " + key() + ", valid_from";
        return "SELECT * FROM (SELECT *, row_number() OVER (" + atOnce
                + " ORDER BY _partition DESC, _offset DESC) AS \"#last\", bool_or(_deleted) OVER (" + atOnce
                + ") AS \"#broken\" FROM told) AS m WHERE \"#last\" = 1";
    }

    private String compared(List<String> columns) {
        List<String> tracked = new ArrayList<>(view.track().isEmpty() ? columns : view.track());
        tracked.removeAll(stream.key());
        if (view.track().isEmpty()) {
            tracked.removeAll(stream.eventTime().fields());
        }
        String differs = tracked.isEmpty()
                ? ""
                : " OR ROW(" + Sql.list(tracked, Sql::quote) + ") IS DISTINCT FROM ROW("
                        + Sql.list(tracked, c -> "lag(" + Sql.quote(c) + ") OVER by_time") + ")";
        return "SELECT *, \"#broken\" OR lag(_deleted) OVER by_time IS NOT FALSE" + differs
                + " AS \"#opens\" FROM moments"
                + " WINDOW by_time AS (PARTITION BY " + key() + " ORDER BY valid_from)";
    }

    /**
     * Each moment, whether something ends or begins there, and when the next such one is. Found by one pass over each key,
     * and not by a join: Postgres doesn't know how many rows these are, and would compare all with all.
     */
    private String spans() {
        return "SELECT *, min(valid_from) FILTER (WHERE \"#changes\") OVER (PARTITION BY " + key()
                + " ORDER BY valid_from DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS valid_to FROM (SELECT *,"
                + " valid_from >= \"#since\" AND (_deleted OR \"#opens\") AS \"#changes\" FROM compared) AS j";
    }

    /** Rows that are no longer states. Each began at the time of an event. */
    private String remove() {
        return "DELETE FROM " + table + " AS v USING spans AS s WHERE " + same("v", "s")
                + " AND v.valid_from = s.valid_from AND s.valid_from >= s.\"#since\""
                + " AND (s._deleted OR NOT s.\"#changes\")";
    }

    /** The state before all that lasts to the first change, or is current. */
    private String end() {
        return "UPDATE " + table
                + " AS v SET valid_to = s.valid_to, current = s.valid_to IS NULL FROM spans AS s WHERE "
                + "s.valid_from < s.\"#since\" AND NOT s._deleted AND " + same("v", "s")
                + " AND v.valid_from = (SELECT max(x.valid_from) FROM " + table + " AS x WHERE " + same("x", "s")
                + " AND x.valid_from < s.\"#since\") AND v.valid_to IS DISTINCT FROM s.valid_to";
    }

    private String put(List<String> columns) {
        List<String> all = new ArrayList<>(columns);
        all.addAll(List.of("_partition", "_offset", HistoryColumns.VALID_FROM, HistoryColumns.VALID_TO));
        List<String> updated = new ArrayList<>(all);
        updated.removeAll(stream.key());
        updated.remove(HistoryColumns.VALID_FROM);
        updated.add(HistoryColumns.CURRENT);
        return "INSERT INTO " + table + " AS v (" + Sql.list(all, Sql::quote) + ", current) SELECT "
                + Sql.list(all, Sql::quote)
                + ", valid_to IS NULL FROM spans WHERE \"#changes\" AND NOT _deleted ON CONFLICT (" + key()
                + ", valid_from) DO UPDATE SET "
                + Sql.list(updated, c -> Sql.quote(c) + " = excluded." + Sql.quote(c))
                + " WHERE v._partition <> excluded._partition OR v._offset <> excluded._offset"
                + " OR v.valid_to IS DISTINCT FROM excluded.valid_to";
    }

    private String key() {
        return Sql.list(stream.key(), Sql::quote);
    }

    private String key(String alias) {
        return Sql.list(stream.key(), k -> alias + "." + Sql.quote(k));
    }

    private String same(String one, String other) {
        return Sql.equal(one, other, stream.key());
    }
}
