package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * The events of one stream of a join that one of the other stream may still match.
 *
 * @param stream as the SELECT names it
 * @param keep how long after an event's time the other stream may have one that matches; negative: only before it
 * @param lookup names of the columns by which events are found
 * @param window into which its events are cut, when they are joined
 */
record JoinSide(
        FromTable stream,
        BatchRelation batch,
        SqlStateTable state,
        Duration keep,
        List<String> lookup,
        Optional<Window> window) {

    /** Whether an event of a LEFT JOIN's first stream has matched. */
    static final String MATCHED = "_matched";

    private static final int AT_ONCE = 10_000;
    private static final String ORDER = " ORDER BY _time, _partition, _offset LIMIT " + AT_ONCE;

    /** @param table qualified and quoted */
    static JoinSide of(
            ValidatedSelect validated,
            FromTable stream,
            String table,
            Duration keep,
            List<String> lookup,
            boolean matches,
            Optional<Window> window) {
        BatchRelation batch = BatchRelation.of(validated, stream);
        LinkedHashMap<String, String> columns = new LinkedHashMap<>(
                validated.describe("SELECT " + columns(batch) + " FROM " + Sql.quote(batch.stream())));
        if (matches) {
            columns.put(MATCHED, "boolean");
        }
        List<String> known = lookup.stream().filter(columns::containsKey).toList();
        return new JoinSide(
                stream,
                batch,
                new SqlStateTable(table, columns, List.of("_partition", "_offset")),
                keep,
                known,
                window);
    }

    private static String columns(BatchRelation batch) {
        List<Column> held = new ArrayList<>(batch.columns());
        held.addAll(EventColumns.ALL);
        return Sql.list(held, c -> Sql.quote(c.name()));
    }

    String name() {
        return stream.relation().name();
    }

    void createInTransaction(Tx tx) {
        state.create(tx);
        tx.execute("CREATE INDEX ON " + state.name() + " (" + Sql.list(lookup, Sql::quote) + ")");
        tx.execute("CREATE INDEX ON " + state.name() + " (_time)");
    }

    /** When the last event that it may match can have happened. */
    Instant end(Instant eventTime) {
        return eventTime.plus(keep);
    }

    /** {@code "payments" AS (SELECT … FROM unnest(…))}: the batch. */
    String withBatch(Rows rows) {
        return as(batch.select(rows));
    }

    /** {@code "payments" AS (SELECT … FROM …)}: what is kept. */
    String withKept() {
        return with("");
    }

    /** The same, but empty. */
    String withNothing() {
        return with(" WHERE false");
    }

    private String with(String rest) {
        return as("SELECT " + columns() + " FROM " + state.name() + rest);
    }

    private String as(String events) {
        return Sql.quote(name()) + " AS (" + window.map(w -> w.cut(events)).orElse(events) + ")";
    }

    private String columns() {
        return columns(batch);
    }

    /**
     * The statement that keeps events of a batch.
     *
     * @param matched SQL for whether an event has matched, over its alias; empty: not kept
     */
    String save(Rows rows, String matched) {
        boolean matches = !matched.isEmpty();
        return "WITH " + batch.with(rows) + "\nINSERT INTO " + state.name() + " (" + columns()
                + (matches ? ", " + MATCHED : "") + ")\nSELECT " + columns() + (matches ? ", " + matched : "")
                + " FROM " + Sql.quote(name()) + " AS " + Sql.quote(stream.alias());
    }

    /** The SELECT over the next unmatched events, with the other stream empty: nothing can match them any more. */
    BoundSelect unmatched(Instant through, JoinSide other, String fromWhere) {
        return new BoundSelect(
                with(" WHERE NOT " + MATCHED + " AND _time < $1" + ORDER) + ", " + other.withNothing(),
                fromWhere,
                () -> parameter(through),
                stream);
    }

    /** Forgets those; whether there may be more of them. */
    boolean forgetUnmatchedInTransaction(Tx tx, Instant through) {
        return forgetSome(tx, "NOT " + MATCHED + " AND _time < $1", through);
    }

    /** Forgets some of what nothing can match any more; whether there may be more of it. */
    boolean forgetInTransaction(Tx tx, Instant through) {
        return forgetSome(tx, "_time < $1", through);
    }

    private boolean forgetSome(Tx tx, String which, Instant through) {
        String sql = "DELETE FROM " + state.name() + " WHERE (_partition, _offset) IN (SELECT _partition, _offset FROM "
                + state.name() + " WHERE " + which + ORDER + ")";
        return tx.execute(sql, parameter(through)).rowCount() == AT_ONCE;
    }

    private Tuple parameter(Instant through) {
        return Tuple.of(through.minus(keep).atOffset(ZoneOffset.UTC));
    }
}
