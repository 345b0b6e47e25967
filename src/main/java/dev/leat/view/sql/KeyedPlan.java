package dev.leat.view.sql;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.PgArrays;
import dev.leat.schema.types.Rows;
import dev.leat.view.writer.BatchParameters;
import dev.leat.view.writer.latest.DeleteSweep;
import dev.leat.view.writer.latest.LatestPerKey;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the SELECT makes of the newest event of each key of its stream: a row or, where its condition isn't met or the
 * newest is a delete, none. Each key keeps a row of the state, visible or not, so that an older event never overwrites a
 * newer one; a deleted key, for as long as {@code remember-deletes} says.
 */
final class KeyedPlan implements Plan {

    /** As long as a {@code latest} view remembers deletes, where nothing else is said. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final String DELETED_SINCE = "_deleted_since";
    private static final String BEHIND = "(_old._partition <> excluded._partition OR _old._offset < excluded._offset)";

    private final ValidatedSelect checked;
    private final FromTable from;
    private final Stream stream;
    private final BatchRelation batch;
    private final LinkedHashMap<String, String> key; // the result's column, by the stream's
    private final SqlStateTable state;
    private final Duration remembered;
    private final DeleteSweep sweep;

    /** @param key what the columns of the stream's key are called in the result, by their names */
    KeyedPlan(ValidatedSelect checked, FromTable from, Stream stream, LinkedHashMap<String, String> key, String table) {
        this.checked = checked;
        this.from = from;
        this.stream = stream;
        this.key = key;
        List<Column> used = new ArrayList<>(checked.used(from));
        for (Column column : from.relation().columns()) {
            if (key.containsKey(column.name()) && !used.contains(column)) {
                used.add(column);
            }
        }
        this.batch = new BatchRelation(stream.name(), used);
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(checked.types());
        columns.put("_visible", "boolean");
        columns.put("_deleted", "boolean");
        columns.put(DELETED_SINCE, "timestamp with time zone");
        columns.put("_time", "timestamp with time zone");
        columns.put("_partition", "integer");
        columns.put("_offset", "bigint");
        this.state = new SqlStateTable(table, columns, key()).indexed(DELETED_SINCE);
        this.remembered = checked.view().rememberDeletes().orElse(REMEMBERED);
        this.sweep = new DeleteSweep(
                state.name(), DELETED_SINCE, "now() - $1::bigint * interval '1 ms'", InstantSource.system());
    }

    @Override
    public List<Column> columns() {
        return checked.columns();
    }

    @Override
    public List<String> key() {
        return List.copyOf(key.values());
    }

    @Override
    public Optional<SqlStateTable> state() {
        return Optional.of(state);
    }

    @Override
    public Optional<String> visible() {
        return Optional.of("SELECT " + ValidatedSelect.cast(columns()) + " FROM " + state.name() + " WHERE _visible");
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        LatestPerKey latest = LatestPerKey.of(rows, selected);
        upsert(tx, rows, latest.deletesOrNewest(), newestBefore(rows, latest));
        int[] revivals = latest.revivals();
        if (revivals.length > 0) {
            upsert(tx, rows, revivals, BatchRelation.times(rows, revivals));
        }
        if (latest.hasDeletes()) {
            // An event from before the delete that comes after that brings the key back.
            sweep.sweepIfDueInTransaction(tx, now -> remembered.toMillis());
        }
    }

    /** A delete has no event time of its own: it has that of the newest event before it, as far as the batch knows. */
    private static OffsetDateTime[] newestBefore(Rows rows, LatestPerKey latest) {
        return Arrays.stream(latest.newest())
                .mapToObj(row -> rows.isDelete(row) ? null : PgArrays.timestamp(rows.eventTime(row)))
                .toArray(OffsetDateTime[]::new);
    }

    private void upsert(Tx tx, Rows rows, int[] selected, OffsetDateTime[] versions) {
        Boolean[] deleted = new Boolean[selected.length];
        for (int i = 0; i < selected.length; i++) {
            deleted[i] = rows.isDelete(selected[i]);
        }
        Tuple parameters = batch.parameters(rows, selected)
                .addValue(deleted)
                .addValue(versions)
                .addValue(BatchParameters.offsets(rows, selected));
        tx.submit(statement(rows), parameters);
    }

    @Override
    public String kept() {
        return "One row a key: what the SELECT makes of the newest event, by event time, then by position; none where its"
                + " condition isn't met or the newest is a delete.";
    }

    @Override
    public List<String> statements(Rows rows) {
        return List.of(statement(rows));
    }

    @Override
    public List<String> memory() {
        return List.of(
                state.name() + " keeps a row for each key, seen by readers or not, so that no older event overwrites a"
                        + " newer one; that of a deleted key for " + remembered + ", swept once an hour");
    }

    private String statement(Rows rows) {
        int next = batch.parameterCount(rows) + 1;
        String alias = Sql.quote(from.alias());
        List<String> others = new ArrayList<>(checked.names());
        others.removeAll(key.values());
        StringBuilder sql = new StringBuilder("WITH _all AS (SELECT b.*, v._deleted, v._version FROM (")
                .append(batch.select(rows))
                .append(") b JOIN unnest($")
                .append(next)
                .append("::boolean[], $")
                .append(next + 1)
                .append("::timestamptz[], $")
                .append(next + 2)
                .append("::bigint[]) AS v(_deleted, _version, _at) ON v._at = b._offset),\n")
                .append(Sql.quote(stream.name()))
                .append(" AS (SELECT * FROM _all WHERE NOT _deleted),\n_result AS (SELECT ")
                .append(checked.items())
                .append(", ")
                .append(alias)
                .append("._offset AS _at\n")
                .append(checked.fromWhere())
                .append(")\nINSERT INTO ")
                .append(state.name())
                .append(" AS _old (")
                .append(Sql.list(List.copyOf(key.values()), Sql::quote));
        others.forEach(o -> sql.append(", ").append(Sql.quote(o)));
        sql.append(", _visible, _deleted, _deleted_since, _time, _partition, _offset)\nSELECT ")
                .append(Sql.list(List.copyOf(key.keySet()), k -> "b." + Sql.quote(k)));
        others.forEach(o -> sql.append(", r.").append(Sql.quote(o)));
        sql.append(
                        ", r._at IS NOT NULL, b._deleted, CASE WHEN b._deleted THEN now() END, b._version, b._partition, b._offset\n")
                .append("FROM _all b LEFT JOIN _result r ON r._at = b._offset ORDER BY ")
                .append(Sql.list(List.copyOf(key.keySet()), k -> "b." + Sql.quote(k)))
                .append("\nON CONFLICT (")
                .append(Sql.list(List.copyOf(key.values()), Sql::quote))
                .append(") DO UPDATE SET ");
        others.forEach(o -> sql.append(Sql.quote(o))
                .append(" = excluded.")
                .append(Sql.quote(o))
                .append(", "));
        return sql.append("_visible = excluded._visible, _deleted = excluded._deleted,")
                .append(" _deleted_since = excluded._deleted_since,")
                .append(" _time = greatest(_old._time, excluded._time), _partition = excluded._partition,")
                .append(" _offset = excluded._offset\nWHERE ")
                .append(isNewer())
                .toString();
    }

    private String isNewer() {
        return stream.eventTime().field().isEmpty()
                ? BEHIND
                : "CASE WHEN excluded._deleted OR _old._time IS NULL THEN " + BEHIND
                        + " ELSE _old._time < excluded._time OR _old._time = excluded._time AND " + BEHIND + " END";
    }

    /** What the columns of the stream's key are called in the result; empty when one of them isn't there as it is. */
    static Optional<LinkedHashMap<String, String>> keyOf(ValidatedSelect checked, FromTable from, Stream stream) {
        LinkedHashMap<String, String> key = new LinkedHashMap<>();
        Map<String, String> plain = PlainColumns.of(checked, from);
        for (String part : stream.key()) {
            if (!plain.containsKey(part)) {
                return Optional.empty();
            }
            key.put(part, plain.get(part));
        }
        return stream.isKeyed() ? Optional.of(key) : Optional.empty();
    }
}
