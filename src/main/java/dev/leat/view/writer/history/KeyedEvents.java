package dev.leat.view.writer.history;

import static dev.leat.view.writer.history.HistoryColumns.VALID_FROM;

import dev.leat.catalog.BatchParameters;
import dev.leat.catalog.ColumnDdl;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.ExactTimes;
import dev.leat.view.writer.TableWriter;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Every event of a history by key and time, in a table beside the view's. An event that changes nothing is kept too, because a
 * late event before it may make it the beginning of a state.
 *
 * <p>{@code valid_from} is when the event counts. A delete counts from Kafka's timestamp, but not before the newest event
 * that precedes it in its partition, and not after the first event that follows it and is no older: that one brings the key
 * back. So the times of deletes depend on the set of events, and are computed again when it grows.
 *
 * <p>Each key has one more row, its anchor, at a position that no event has. Whoever locks it is the only one who changes the
 * key's history.
 */
final class KeyedEvents {

    private static final Column DELETED = new Column("_deleted", ColumnType.of(ColumnType.Kind.BOOLEAN), true, "");
    private static final String TIMESTAMP = "_timestamp";

    private final Stream stream;
    private final String table;
    private final String key;

    KeyedEvents(Stream stream, String table) {
        this.stream = stream;
        this.table = table;
        this.key = Sql.list(stream.key(), Sql::quote);
    }

    String table() {
        return table;
    }

    void create(Tx tx, Shape shape) {
        List<String> columns = new ArrayList<>();
        shape.columns().forEach(c -> columns.add(ColumnDdl.definition(c)));
        String time = HistoryColumns.timeType(stream, shape.columns()).postgres();
        columns.addAll(List.of(
                "_partition integer",
                "_offset bigint",
                "_deleted boolean",
                TIMESTAMP + " " + time,
                VALID_FROM + " " + time,
                "PRIMARY KEY (" + key + ", _partition, _offset)"));
        if (ColumnDdl.exists(tx, table)) {
            // Of a view that was removed by hand.
            tx.execute("DROP TABLE " + table);
        }
        tx.execute("CREATE TABLE " + table + " (" + String.join(", ", columns)
                + "); CREATE INDEX ON " + table + " (" + key + ", " + VALID_FROM + ", _partition, _offset)"
                + "; CREATE INDEX ON " + table + " (" + key + ", _partition, _offset) WHERE _deleted");
    }

    /**
     * What the table knows once the batch is in it.
     *
     * @param columns names of the stream's columns that the table has: another instance may have added some
     */
    record Saved(List<String> columns, boolean deletes) {}

    /** Saves the events, and locks their keys' anchors in the order of the keys, to the end of the transaction. */
    Saved saveInTransaction(Tx tx, Rows rows, int[] selected) {
        ColumnType time = HistoryColumns.timeType(stream, rows.shape().columns());
        List<Column> given = new ArrayList<>(rows.shape().columns());
        given.addAll(List.of(
                TableWriter.OFFSET,
                DELETED,
                new Column(TIMESTAMP, time, false, ""),
                new Column(VALID_FROM, time, false, "")));
        Tuple parameters = Tuple.tuple();
        for (int i = 0; i < rows.shape().size(); i++) {
            parameters.addValue(PgArrays.values(rows.vector(i), selected));
        }
        parameters.addValue(BatchParameters.offsets(rows, selected));
        parameters.addValue(BatchParameters.deletes(rows, selected));
        parameters.addValue(timestamps(rows, selected, time, rows::isDelete));
        parameters.addValue(ExactTimes.of(rows, selected, time));
        parameters.addValue(rows.partition());
        Row saved = tx.execute(saveStatement(given), parameters).iterator().next();
        return new Saved(Arrays.asList(saved.getArrayOfStrings("columns")), saved.getBoolean("deletes"));
    }

    private String saveStatement(List<Column> given) {
        String columns = Sql.list(given, c -> Sql.quote(c.name()));
        return "WITH given AS (SELECT * FROM " + BatchParameters.rows(given) + "), anchored AS (INSERT INTO " + table
                + " AS e (" + key + ", _partition, _offset) SELECT DISTINCT " + key + ", -1, -1::bigint FROM given"
                + " ORDER BY " + key + " ON CONFLICT (" + key
                // Locks the row, and writes nothing.
                + ", _partition, _offset) DO UPDATE SET _deleted = NULL WHERE false), saved AS (INSERT INTO " + table
                + " (" + columns + ", _partition) SELECT " + columns + ", $" + (given.size() + 1)
                + "::integer FROM given ON CONFLICT (" + key + ", _partition, _offset) DO NOTHING)"
                + " SELECT ARRAY(SELECT attname::text FROM pg_catalog.pg_attribute WHERE attrelid = '"
                + table.replace("'", "''") + "'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL ("
                + "'{_partition,_offset,_deleted,_timestamp," + VALID_FROM + "}') ORDER BY attnum) AS columns,"
                + " EXISTS (SELECT FROM given WHERE _deleted) OR EXISTS (SELECT FROM " + table
                + " WHERE _deleted) AS deletes";
    }

    /** Kafka's, of the event time's type; null where they aren't wanted. */
    private static Object[] timestamps(Rows rows, int[] selected, ColumnType time, IntPredicate wanted) {
        boolean nanos = time.kind() == ColumnType.Kind.TIMESTAMP_NANOS;
        Object[] timestamps = nanos ? new Long[selected.length] : new OffsetDateTime[selected.length];
        for (int i = 0; i < selected.length; i++) {
            if (wanted.test(selected[i])) {
                long millis = rows.timestamp(selected[i]);
                timestamps[i] = nanos
                        ? Math.multiplyExact(millis, 1_000_000L)
                        : PgTimes.timestamp(Math.multiplyExact(millis, 1000L));
            }
        }
        return timestamps;
    }

    /** Sets the times of those deletes of these keys that the events may have moved, their own among them. */
    void timeDeletes(Tx tx, Rows rows, int[] selected) {
        tx.submit(timeDeletesStatement(rows), batchParameters(rows, selected));
    }

    private String timeDeletesStatement(Rows rows) {
        String neighbour = "SELECT e.valid_from FROM " + table + " AS e WHERE " + Sql.equal("e", "d", stream.key())
                + " AND e._partition = d._partition AND NOT e._deleted AND ";
        return "WITH " + batch(rows) + ", touched AS (SELECT " + key
                + ", min(_offset) AS \"#first\", min(valid_from) AS \"#since\" FROM batch GROUP BY " + key + ")"
                + " UPDATE " + table + " AS t SET valid_from = n.\"#time\" FROM (SELECT "
                + Sql.list(stream.key(), k -> "d." + Sql.quote(k)) + ", d._partition, d._offset, greatest("
                + "before.valid_from, least(d._timestamp, behind.valid_from)) AS \"#time\" FROM touched AS b JOIN "
                + table + " AS d ON " + Sql.equal("d", "b", stream.key()) + " AND d._deleted AND d._partition = "
                + partition(rows) + " AND (d._offset >= b.\"#first\" OR d.valid_from > b.\"#since\")"
                + " LEFT JOIN LATERAL (" + neighbour
                + "e._offset < d._offset ORDER BY e.valid_from DESC LIMIT 1) AS before ON true"
                + " LEFT JOIN LATERAL (" + neighbour + "e._offset > d._offset AND"
                + " coalesce(e.valid_from >= before.valid_from, true) ORDER BY e.valid_from LIMIT 1) AS behind ON true"
                + ") AS n WHERE " + Sql.equal("t", "n", stream.key())
                + " AND t._partition = n._partition AND t._offset = n._offset"
                + " AND t.valid_from IS DISTINCT FROM n.\"#time\"";
    }

    /** The batch's events as they are in the table: {@code batch AS (…)}, for {@link #batchParameters}. */
    String batch(Rows rows) {
        return "batch AS MATERIALIZED (SELECT b.* FROM " + BatchParameters.rows(batchColumns(rows))
                + " CROSS JOIN LATERAL (SELECT " + Sql.list(stream.key(), k -> "e." + Sql.quote(k))
                + ", e._offset, e.valid_from FROM " + table + " AS e WHERE " + Sql.equal("e", "u", stream.key())
                // One by one, by the index: a plan that was made when the table was small would read all of it.
                + " AND e._partition = " + partition(rows) + " AND e._offset = u._offset LIMIT 1) AS b)";
    }

    /** The parameter that has the partition, beside {@link #batch}. */
    String partition(Rows rows) {
        return "$" + (batchColumns(rows).size() + 1) + "::integer";
    }

    Tuple batchParameters(Rows rows, int[] selected) {
        Tuple parameters = Tuple.tuple();
        stream.key().forEach(k -> parameters.addValue(PgArrays.values(rows.vector(k), selected)));
        return parameters.addValue(BatchParameters.offsets(rows, selected)).addValue(rows.partition());
    }

    private List<Column> batchColumns(Rows rows) {
        List<Column> columns =
                new ArrayList<>(stream.key().stream().map(rows.shape()::column).toList());
        columns.add(TableWriter.OFFSET);
        return columns;
    }
}
