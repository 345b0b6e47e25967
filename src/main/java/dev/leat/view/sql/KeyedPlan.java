package dev.leat.view.sql;

import dev.leat.catalog.BatchParameters;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.EventTimeType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.ExactTimes;
import dev.leat.view.writer.latest.DeleteSweep;
import dev.leat.view.writer.latest.LatestPerKey;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the SELECT makes of the newest event of each key of its stream: a row or, where its condition isn't met or the
 * newest is a delete, none. Each key keeps a row of the state, visible or not, so that an older event never overwrites a
 * newer one; a deleted key, for as long as {@code remember-deletes} says.
 */
final class KeyedPlan implements Plan {

    /** As long as a {@code latest} view remembers deletes, where nothing else is said. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final String DELETED_SINCE = "_deleted_since";

    private final ValidatedSelect validated;
    private final FromTable from;
    private final Stream stream;
    private final BatchRelation batch;
    private final ColumnType time;
    private final LinkedHashMap<String, String> key; // the result's column, by the stream's
    private final SqlStateTable state;
    private final Duration remembered;
    private final DeleteSweep sweep;

    /** @param key what the columns of the stream's key are called in the result, by their names */
    KeyedPlan(
            ValidatedSelect validated, FromTable from, Stream stream, LinkedHashMap<String, String> key, String table) {
        this.validated = validated;
        this.from = from;
        this.stream = stream;
        this.key = key;
        this.batch = BatchRelation.of(validated, from, key.keySet());
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(validated.types());
        columns.put("_visible", "boolean");
        columns.put("_deleted", "boolean");
        columns.put(DELETED_SINCE, "timestamp with time zone");
        this.time = EventTimeType.of(stream, from.relation().columns());
        columns.put("_time", time.kind() == Kind.TIMESTAMP ? "timestamp with time zone" : time.postgres());
        columns.put("_partition", "integer");
        columns.put("_offset", "bigint");
        this.state = new SqlStateTable(table, columns, key()).indexed(DELETED_SINCE);
        this.remembered = validated.view().rememberDeletes().orElse(REMEMBERED);
        this.sweep = new DeleteSweep(
                state.name(), DELETED_SINCE, "now() - $1::bigint * interval '1 ms'", InstantSource.system());
    }

    @Override
    public List<Column> columns() {
        return validated.columns();
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
        upsert(tx, rows, latest.deletesOrNewest(), latest.newest());
        int[] revivals = latest.revivals();
        if (revivals.length > 0) {
            upsert(tx, rows, revivals, revivals);
        }
        if (latest.hasDeletes()) {
            // An event from before the delete that comes after that brings the key back.
            sweep.sweepIfDueInTransaction(tx, now -> remembered.toMillis());
        }
    }

    /** @param versions the events that say when: a delete has the time of the newest one before it, as far as the batch knows */
    private void upsert(Tx tx, Rows rows, int[] selected, int[] versions) {
        Tuple parameters = batch.parameters(rows, selected)
                .addValue(BatchParameters.deletes(rows, selected))
                .addValue(ExactTimes.of(rows, versions, time))
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
    public List<String> retainedState() {
        return List.of(
                state.name() + " keeps a row for each key, seen by readers or not, so that no older event overwrites a"
                        + " newer one; that of a deleted key for " + remembered + ", swept once an hour");
    }

    private String statement(Rows rows) {
        String streamKey = Sql.list(List.copyOf(key.keySet()), k -> "b." + Sql.quote(k));
        String resultKey = Sql.list(List.copyOf(key.values()), Sql::quote);
        List<String> others = new ArrayList<>(validated.names());
        others.removeAll(key.values());
        return "WITH " + relations(rows) + "\nINSERT INTO " + state.name() + " AS _old (" + resultKey
                + each(others, o -> ", " + Sql.quote(o))
                + ", _visible, _deleted, _deleted_since, _time, _partition, _offset)\nSELECT " + streamKey
                + each(others, o -> ", r." + Sql.quote(o))
                + ", r._at IS NOT NULL, b._deleted, CASE WHEN b._deleted THEN now() END, b.\"#version\", b._partition, b._offset\n"
                + "FROM _all b LEFT JOIN _result r ON r._at = b._offset ORDER BY " + streamKey + "\nON CONFLICT ("
                + resultKey + ") DO UPDATE SET "
                + each(others, o -> Sql.quote(o) + " = excluded." + Sql.quote(o) + ", ")
                + "_visible = excluded._visible, _deleted = excluded._deleted, _deleted_since = excluded._deleted_since,"
                + " _time = greatest(_old._time, excluded._time), _partition = excluded._partition,"
                + " _offset = excluded._offset\nWHERE " + isNewer();
    }

    /** All rows of the batch, those that the SELECT may see under the stream's name, and its result for each. */
    private String relations(Rows rows) {
        int next = batch.parameterCount(rows) + 1;
        return "_all AS (SELECT b.*, v._deleted, v.\"#version\" FROM (" + batch.select(rows) + ") b JOIN unnest($"
                + next
                + "::boolean[], $" + (next + 1) + "::" + PgArrays.parameterType(time) + ", $" + (next + 2)
                + "::bigint[]) AS v(_deleted, \"#version\", _at) ON v._at = b._offset),\n" + Sql.quote(stream.name())
                + " AS (SELECT * FROM _all WHERE NOT _deleted),\n_result AS (SELECT " + validated.items() + ", "
                + Sql.quote(from.alias()) + "._offset AS _at\n" + validated.fromWhere() + ")";
    }

    private static String each(List<String> columns, UnaryOperator<String> text) {
        return columns.stream().map(text).collect(Collectors.joining());
    }

    private String isNewer() {
        return !stream.eventTime().isDeclared()
                ? SqlStateTable.IS_LATER
                : "CASE WHEN excluded._deleted OR _old._time IS NULL THEN " + SqlStateTable.IS_LATER
                        + " ELSE _old._time < excluded._time OR _old._time = excluded._time AND "
                        + SqlStateTable.IS_LATER + " END";
    }

    /** What the columns of the stream's key are called in the result; empty when one of them isn't there as it is. */
    static Optional<LinkedHashMap<String, String>> keyOf(ValidatedSelect validated, FromTable from, Stream stream) {
        LinkedHashMap<String, String> key = new LinkedHashMap<>();
        Map<String, String> plain = PlainColumns.of(validated, from);
        for (String part : stream.key()) {
            if (!plain.containsKey(part)) {
                return Optional.empty();
            }
            key.put(part, plain.get(part));
        }
        return stream.isKeyed() ? Optional.of(key) : Optional.empty();
    }
}
