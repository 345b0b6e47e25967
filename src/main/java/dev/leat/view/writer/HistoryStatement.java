package dev.leat.view.writer;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Rows;
import dev.leat.view.statement.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * The statement that brings the histories of a batch's keys to what their events say: from the earliest time that the
 * batch touches on, and only the rows that come out differently. Names of its own begin with {@code #}, which no field's
 * does.
 */
record HistoryStatement(Stream stream, View.History view, String table, KeyedEvents events) {

    /** For {@link KeyedEvents#batchParameters}. */
    String text(Rows rows, List<String> columns) {
        return "WITH " + events.batch(rows) + ", touched AS MATERIALIZED (" + touched(rows) + "), told AS ("
                + told(columns) + "), moments AS (" + moments() + "), judged AS (" + judged(columns) + "), changes AS ("
                + changes() + "), removed AS (" + remove() + "), ended AS (" + end() + ") " + put(columns);
    }

    /** The keys, and since when their histories are looked at: an event out of its turn may move deletes behind it. */
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

    /** Of several at one time, the last is what lasts. What is behind a delete begins anew, be it at the same time. */
    private String moments() {
        String atOnce = "PARTITION BY " + key() + ", valid_from";
        return "SELECT * FROM (SELECT *, row_number() OVER (" + atOnce
                + " ORDER BY _partition DESC, _offset DESC) AS \"#last\", bool_or(_deleted) OVER (" + atOnce
                + ") AS \"#broken\" FROM told) AS m WHERE \"#last\" = 1";
    }

    private String judged(List<String> columns) {
        List<String> tracked = new ArrayList<>(view.track().isEmpty() ? columns : view.track());
        tracked.removeAll(stream.key());
        if (view.track().isEmpty()) {
            stream.eventTime().ifPresent(tracked::remove);
        }
        String differs = tracked.isEmpty()
                ? ""
                : " OR ROW(" + Sql.list(tracked, Sql::quote) + ") IS DISTINCT FROM ROW("
                        + Sql.list(tracked, c -> "lag(" + Sql.quote(c) + ") OVER turn") + ")";
        return "SELECT *, \"#broken\" OR lag(_deleted) OVER turn IS NOT FALSE" + differs + " AS \"#opens\" FROM moments"
                + " WINDOW turn AS (PARTITION BY " + key() + " ORDER BY valid_from)";
    }

    private String changes() {
        return "SELECT *, lead(valid_from) OVER (PARTITION BY " + key() + " ORDER BY valid_from) AS valid_to"
                + " FROM judged WHERE valid_from >= \"#since\" AND (_deleted OR \"#opens\")";
    }

    private String remove() {
        return "DELETE FROM " + table + " AS v USING touched AS t WHERE " + same("v", "t")
                + " AND v.valid_from >= t.\"#since\" AND NOT EXISTS (SELECT FROM changes AS c WHERE NOT c._deleted AND "
                + same("c", "v") + " AND c.valid_from = v.valid_from)";
    }

    /** The state that went on until then lasts to the first change, or still does. */
    private String end() {
        return "UPDATE " + table + " AS v SET valid_to = n.\"#to\", current = n.\"#to\" IS NULL FROM (SELECT "
                + key("p")
                + ", p.\"#since\", f.\"#to\" FROM moments AS p LEFT JOIN (SELECT " + key()
                + ", min(valid_from) AS \"#to\" FROM changes GROUP BY " + key() + ") AS f ON " + same("f", "p")
                + " WHERE p.valid_from < p.\"#since\" AND NOT p._deleted) AS n WHERE " + same("v", "n")
                + " AND v.valid_from = (SELECT max(x.valid_from) FROM " + table + " AS x WHERE " + same("x", "n")
                + " AND x.valid_from < n.\"#since\") AND v.valid_to IS DISTINCT FROM n.\"#to\"";
    }

    private String put(List<String> columns) {
        List<String> all = new ArrayList<>(columns);
        all.addAll(List.of("_partition", "_offset", HistoryColumns.VALID_FROM, HistoryColumns.VALID_TO));
        List<String> updated = new ArrayList<>(all);
        updated.removeAll(stream.key());
        updated.remove(HistoryColumns.VALID_FROM);
        updated.add(HistoryColumns.CURRENT);
        return "INSERT INTO " + table + " AS v (" + Sql.list(all, Sql::quote) + ", current) SELECT "
                + Sql.list(all, Sql::quote) + ", valid_to IS NULL FROM changes WHERE NOT _deleted ON CONFLICT (" + key()
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
