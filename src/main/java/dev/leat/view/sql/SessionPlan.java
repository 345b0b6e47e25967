package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One row a group and session. Each event begins as a session of its own. It is merged with the sessions that it touches and
 * that aren't final, so an event may join two sessions. One statement deletes the touched sessions and inserts the merged
 * ones. Lanes apply one at a time: side by side, two of them could leave two sessions where there is one.
 */
final class SessionPlan extends WindowsPlan implements EventPlan {

    static final Column END = new Column(
            "session_end",
            ColumnType.of(ColumnType.Kind.TIMESTAMP),
            true,
            "The time of the session's newest event, and the gap: an event that happened then is of another session");

    /** What tells groups apart by an index, nulls included. */
    private static final String GROUP = "_group";

    /** The time of a session's newest event. */
    private static final String LAST = "_last";

    private final Window.Session session;

    /** The groups' keys without the session's start. */
    private final List<String> grouped;

    private final String start;

    SessionPlan(ValidatedSelect validated, GroupedWindow window, Window.Session session, Groups groups, String table) {
        super(finalWindows(validated, window, session, groups, table), window, List.of(END, FINAL));
        this.session = session;
        this.start = Sql.quote(window.column());
        this.grouped = grouped(groups, window);
    }

    private static FinalWindows finalWindows(
            ValidatedSelect validated, GroupedWindow window, Window.Session session, Groups groups, String table) {
        SqlStateTable plain = table(validated, groups, table);
        LinkedHashMap<String, String> columns = new LinkedHashMap<>();
        columns.put(GROUP, "bigint");
        columns.put(LAST, "timestamp with time zone");
        columns.putAll(plain.columns());
        List<String> key = new ArrayList<>(List.of(GROUP));
        key.addAll(plain.key());
        SqlStateTable state = FinalWindows.indexed(
                validated,
                groups,
                new SqlStateTable(table, columns, key)
                        .converting(groups.conversions())
                        .converting(regrouped(plain, grouped(groups, window))),
                LAST);
        String end = ", " + session.end(LAST) + " AS " + END.name();
        return new FinalWindows(
                validated, groups.guarded(state, validated.types()), state, session.ending(LAST), end, List.of());
    }

    /** A hash depends on the types of what is hashed. */
    private static List<SqlStateTable.Conversion> regrouped(SqlStateTable plain, List<String> grouped) {
        String hash = hash(grouped, c -> Sql.quote(c) + "::" + plain.columns().get(c));
        return List.of(new SqlStateTable.Conversion(GROUP, grouped, Optional.empty(), hash));
    }

    private static List<String> grouped(Groups groups, GroupedWindow window) {
        return groups.stateKey().stream()
                .filter(key -> !key.equals(window.column()))
                .toList();
    }

    @Override
    String called() {
        return "session";
    }

    @Override
    public Optional<FinalRows> finalRows() {
        return Optional.of(finalWindows.finalRows(session::lastEnd));
    }

    @Override
    public BoundSelect bound(Rows rows, int[] events) {
        return batch.bound(rows, events);
    }

    @Override
    public String kept() {
        return "One row a group and session. The events of a batch are merged with the sessions that they touch and that"
                + " aren't final. An event whose own session would be final is saved as late. Deletes"
                + " change nothing. Lanes apply one at a time.";
    }

    @Override
    String rule(Column own) {
        return own.equals(END) ? "the time of the newest event, and the gap" : super.rule(own);
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        List<String> columns = List.copyOf(state.columns().keySet());
        return "WITH " + bound.with()
                // Each an event, or several of the same moment.
                + ",\n_partial AS (" + groups.partials(validated.fromWhere()) + ")"
                + ",\n_brought AS (SELECT " + group() + " AS _group, " + start + " AS _last, _partial.* FROM _partial)"
                + ",\n_touched AS (" + takeTouched(columns) + ")"
                + ",\n_all AS (SELECT * FROM _brought UNION ALL SELECT * FROM _touched)"
                + ",\n_first AS (SELECT *, (" + start + " < " + session.end("max(_last) OVER _before")
                + ") IS NOT TRUE AS _begins FROM _all WINDOW _before AS (" + inOrder()
                + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))"
                + ",\n_counted AS (SELECT *, count(*) FILTER (WHERE _begins) OVER (" + inOrder()
                + " ROWS UNBOUNDED PRECEDING) AS _session FROM _first)"
                + "\nINSERT INTO " + state.name() + " (" + Sql.list(columns, Sql::quote) + ")\nSELECT "
                + Sql.list(columns, this::united) + "\nFROM _counted GROUP BY _session, " + groupedBy();
    }

    private String group() {
        return hash(grouped, Sql::quote);
    }

    private static String hash(List<String> grouped, Function<String, String> value) {
        return grouped.isEmpty() ? "0::bigint" : "hash_record_extended(ROW(" + Sql.list(grouped, value) + "), 0)";
    }

    /** What is final stays as it is, even where an event comes near it. */
    private String takeTouched(List<String> columns) {
        String same = grouped.stream()
                .map(Sql::quote)
                .map(k -> " AND t." + k + " IS NOT DISTINCT FROM b." + k)
                .collect(Collectors.joining());
        return "DELETE FROM " + state.name() + " AS t USING _brought AS b WHERE t._group = b._group" + same
                + " AND b." + start + " < " + session.end("t._last") + " AND t." + start + " < "
                + session.end("b." + start) + " AND " + session.end("t._last")
                + " > (SELECT through FROM _closed) RETURNING " + Sql.list(columns, c -> "t." + Sql.quote(c));
    }

    private String inOrder() {
        return "PARTITION BY " + groupedBy() + " ORDER BY " + start + ", _last";
    }

    private String groupedBy() {
        return grouped.isEmpty() ? GROUP : GROUP + ", " + Sql.list(grouped, Sql::quote);
    }

    /** A column of the state, of several sessions that are one. */
    private String united(String column) {
        if (column.equals(GROUP) || grouped.contains(column)) {
            return Sql.quote(column);
        }
        if (column.equals(LAST)) {
            return "max(_last)";
        }
        return column.equals(window.column()) ? "min(" + start + ")" : groups.combined(column);
    }
}
