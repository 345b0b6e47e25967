package dev.leat.view.writer.latest;

import dev.leat.catalog.BatchParameters;
import dev.leat.catalog.ColumnDdl;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.TableWriter;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A deleted row goes; what remains is a tombstone in a table beside the view's, one for each key and partition, for as
 * long as {@code remember-deletes} says. Old ones go with a later delete, once an hour.
 *
 * <p>Not covered: an event that is applied while another lane deletes its key. It may find neither row nor tombstone. Order
 * across partitions isn't promised.
 */
public final class Tombstones implements Deletes {

    /** What a delete's row is written with, to lock the place of its key: older than everything, and gone at once. */
    private static final long BEFORE_ALL = -1;

    private static final String NEWEST = "_event_time";

    private final Stream stream;
    private final String table;
    private final String tombstones;
    private final Duration remembered;
    private final InstantSource clock;
    private final DeleteSweep sweep;

    public Tombstones(Stream stream, View.Latest view, String table, InstantSource clock) {
        this.stream = stream;
        this.table = table;
        this.tombstones = "leat." + name(view.name());
        this.remembered = view.rememberDeletes();
        this.clock = clock;
        this.sweep = new DeleteSweep(tombstones, "_deleted_at", "$1", clock);
    }

    private static String name(String view) {
        return Sql.quote("tombstone_" + view);
    }

    /** Asked for when it is needed: a view that is only dropped may be of a stream that nobody declares any more. */
    private TimeColumn times() {
        return new TimeColumn(stream);
    }

    @Override
    public void dropCompanions(Tx tx) {
        tx.execute("DROP TABLE IF EXISTS " + tombstones);
    }

    @Override
    public void renameCompanions(Tx tx, String view) {
        tx.execute("ALTER TABLE " + tombstones + " RENAME TO " + name(view));
    }

    @Override
    public String description() {
        return tombstones + " remembers each deleted key for " + remembered + ", swept once an hour";
    }

    @Override
    public List<Column> ownColumns() {
        return List.of();
    }

    @Override
    public void addOwnValues(Tuple parameters, Rows rows, int[] selected) {}

    @Override
    public int[] firstRows(LatestPerKey latest) {
        return latest.deletesOrNewest();
    }

    @Override
    public Long[] offsets(Rows rows, int[] selected) {
        Long[] offsets = BatchParameters.offsets(rows, selected);
        for (int i = 0; i < selected.length; i++) {
            if (rows.isDelete(selected[i])) {
                offsets[i] = BEFORE_ALL;
            }
        }
        return offsets;
    }

    /**
     * The first condition is evaluated once a statement, so that a view without tombstones costs nothing. The last one comes
     * after an OR, so Postgres evaluates it row by row and keeps their order.
     */
    @Override
    public String insertCondition(String partition) {
        return "NOT EXISTS (SELECT FROM " + tombstones + ") OR u._offset = " + BEFORE_ALL
                + " OR NOT EXISTS (SELECT FROM " + tombstones + " AS d WHERE " + Sql.equal("d", "u", stream.key())
                + " AND (d._partition = " + partition + " AND d._offset > u._offset"
                + stream.eventTime()
                        .column()
                        .map(time -> " OR d._event_time > u." + Sql.quote(time))
                        .orElse("")
                + "))";
    }

    @Override
    public String overwriteCondition() {
        return stream.eventTime()
                .column()
                .map(Sql::quote)
                .map(time -> "(t." + time + " < excluded." + time + " OR t." + time + " = excluded." + time + " AND "
                        + IS_LATER + ")")
                .orElse(IS_LATER);
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, LatestPerKey latest) {
        // The row says which event time is known, so it must still be there.
        remember(tx, rows, latest);
        delete(tx, rows, latest.deletes());
        sweep.sweepIfDueInTransaction(tx, now -> now.minus(remembered).atOffset(ZoneOffset.UTC));
    }

    private void remember(Tx tx, Rows rows, LatestPerKey latest) {
        List<Column> given = given(rows);
        Tuple parameters = parameters(rows, latest.deletes());
        times().of(rows.shape()).ifPresent(time -> {
            given.add(new Column(NEWEST, time.type(), false, ""));
            parameters.addValue(times().values(rows, latest.newestBeforeDeletes()));
        });
        parameters.addValue(rows.partition());
        String partition = "$" + parameters.size() + "::integer";
        String key = Sql.list(stream.key(), Sql::quote);
        String statement = "INSERT INTO " + tombstones + " AS d (" + key + ", _partition, _offset, _event_time) SELECT "
                + Sql.list(stream.key(), k -> "u." + Sql.quote(k)) + ", " + partition + ", u._offset, "
                + stream.eventTime()
                        .column()
                        .map(time -> "greatest(u._event_time, t." + Sql.quote(time) + ")")
                        .orElse("NULL")
                + " FROM " + BatchParameters.rows(given) + " LEFT JOIN " + table + " AS t ON " + isBefore(partition)
                + " ON CONFLICT (" + key
                + ", _partition) DO UPDATE SET _offset = greatest(d._offset, excluded._offset),"
                + " _event_time = greatest(d._event_time, excluded._event_time), _deleted_at = excluded._deleted_at";
        tx.submit(statement, parameters);
    }

    private void delete(Tx tx, Rows rows, int[] deletes) {
        Tuple parameters = parameters(rows, deletes).addValue(rows.partition());
        String statement = "DELETE FROM " + table + " AS t USING " + BatchParameters.rows(given(rows)) + " WHERE "
                + isBefore("$" + parameters.size() + "::integer");
        tx.submit(statement, parameters);
    }

    /** That the row {@code t} is of the key of delete {@code u}, and wasn't written after it. */
    private String isBefore(String partition) {
        return Sql.equal("t", "u", stream.key()) + " AND (t._partition <> " + partition + " OR t._offset < u._offset)";
    }

    private List<Column> given(Rows rows) {
        List<Column> given = new ArrayList<>();
        stream.key().forEach(k -> given.add(rows.shape().column(k)));
        given.add(TableWriter.OFFSET);
        return given;
    }

    private Tuple parameters(Rows rows, int[] deletes) {
        Tuple parameters = Tuple.tuple();
        stream.key().forEach(k -> parameters.addValue(PgArrays.values(rows.vector(k), deletes)));
        return parameters.addValue(BatchParameters.offsets(rows, deletes));
    }

    /** Existing tombstones are of a view that was removed by hand, perhaps with another key or stream. */
    @Override
    public void createCompanions(Tx tx, Shape shape) {
        if (ColumnDdl.exists(tx, tombstones)) {
            tx.execute("DROP TABLE " + tombstones);
        }
        create(tx, shape);
    }

    @Override
    public void ensureCompanions(Tx tx, Shape shape) {
        if (!ColumnDdl.exists(tx, tombstones)) {
            create(tx, shape);
        }
    }

    /** Where the stream has no event time, the column stays empty. */
    private String eventTimeType(Shape shape) {
        return times().of(shape).map(time -> time.type().postgres()).orElse("timestamptz");
    }

    @Override
    public void widenCompanions(Tx tx, List<Column> widened) {
        Optional<String> time = stream.eventTime().column();
        List<Column> ours = new ArrayList<>();
        for (Column column : widened) {
            if (stream.key().contains(column.name())) {
                ours.add(column);
            }
            if (time.filter(column.name()::equals).isPresent()) {
                ours.add(new Column(NEWEST, column.type(), false, column.doc()));
            }
        }
        if (!ours.isEmpty()) {
            ColumnDdl.alter(tx, tombstones, List.of(), ours);
        }
    }

    private void create(Tx tx, Shape shape) {
        List<String> columns = new ArrayList<>();
        stream.key()
                .forEach(k ->
                        columns.add(Sql.quote(k) + " " + shape.column(k).type().postgres()));
        columns.addAll(Arrays.asList(
                "_partition integer",
                "_offset bigint NOT NULL",
                NEWEST + " " + eventTimeType(shape),
                "_deleted_at timestamptz NOT NULL DEFAULT now()",
                "PRIMARY KEY (" + Sql.list(stream.key(), Sql::quote) + ", _partition)"));
        tx.execute("CREATE TABLE " + tombstones + " (" + String.join(", ", columns) + "); CREATE INDEX ON " + tombstones
                + " (_deleted_at)");
    }
}
