package dev.leat.view.writer.latest;

import dev.leat.catalog.BatchParameters;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.postgres.SqlState;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.TableWriter;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One row a key. An older event (by event time, then by position) never overwrites a newer one, and never brings back
 * what was deleted after it. A batch is first reduced to at most one event before and one after the delete of each key,
 * so that no statement writes a key twice.
 */
public final class LatestWriter implements TableWriter {

    private final Stream stream;
    private final String table;
    private final Deletes deletes;
    private final NewKeys newKeys;

    public LatestWriter(Stream stream, String table, Deletes deletes) {
        this.stream = stream;
        this.table = table;
        this.deletes = deletes;
        this.newKeys = new NewKeys(stream, table);
    }

    /** Asked for when it is needed: a view that is only dropped may be of a stream that nobody declares any more. */
    private TimeColumn times() {
        return new TimeColumn(stream);
    }

    private UnchangedValues unchanged() {
        return new UnchangedValues(stream);
    }

    @Override
    public List<Column> ownColumns(List<Column> ofStream) {
        List<Column> own = new ArrayList<>(List.of(PARTITION, OFFSET));
        times().own(ofStream).ifPresent(own::add);
        own.addAll(deletes.ownColumns());
        return own;
    }

    @Override
    public List<String> key() {
        return stream.key();
    }

    @Override
    public boolean showsDeletes() {
        return !deletes.ownColumns().isEmpty();
    }

    @Override
    public void createCompanions(Tx tx, Shape shape) {
        deletes.createCompanions(tx, shape);
    }

    @Override
    public void ensureCompanions(Tx tx, Shape shape) {
        deletes.ensureCompanions(tx, shape);
    }

    @Override
    public void growCompanions(Tx tx, List<Column> added, List<Column> widened) {
        deletes.widenCompanions(tx, widened);
    }

    @Override
    public void dropCompanions(Tx tx) {
        deletes.dropCompanions(tx);
    }

    @Override
    public void renameCompanions(Tx tx, String view) {
        deletes.renameCompanions(tx, view);
    }

    @Override
    public void applyInTransaction(Tx tx, Rows taken, int[] selected) {
        Rows rows = unchanged().filled(taken, selected);
        LatestPerKey latest = LatestPerKey.of(rows, selected);
        // The first statement locks all keys, also those that are only deleted, in one order: lanes that share keys
        // would
        // deadlock otherwise. What comes after a delete is written last, or it would be deleted too.
        write(tx, rows, deletes.firstRows(latest));
        if (latest.hasDeletes()) {
            deletes.applyInTransaction(tx, rows, latest);
            upsert(tx, rows, latest.revivals());
        }
    }

    private void write(Tx tx, Rows rows, int[] selected) {
        NewKeys.Split split = newKeys.split(tx, rows, selected);
        if (insert(tx, rows, split.fresh())) {
            upsert(tx, rows, split.others());
        } else {
            upsert(tx, rows, selected);
            newKeys.lanesShareKeys();
        }
    }

    /** Whether the rows were inserted; none of them is when one of their keys isn't new. */
    private boolean insert(Tx tx, Rows rows, int[] fresh) {
        if (fresh.length == 0) {
            return true;
        }
        tx.send("SAVEPOINT fresh");
        try {
            tx.execute(insertStatement(rows.shape().columns()), parameters(rows, fresh));
        } catch (RuntimeException e) {
            if (!SqlState.UNIQUE_VIOLATION.isOf(e)) {
                throw e;
            }
            tx.execute("ROLLBACK TO SAVEPOINT fresh; RELEASE SAVEPOINT fresh");
            return false;
        }
        tx.send("RELEASE SAVEPOINT fresh");
        return true;
    }

    private void upsert(Tx tx, Rows rows, int[] selected) {
        if (selected.length == 0) {
            return;
        }
        tx.submit(upsertStatement(rows.shape().columns()), parameters(rows, selected));
    }

    private Tuple parameters(Rows rows, int[] selected) {
        Tuple parameters = Tuple.tuple();
        for (int i = 0; i < rows.shape().size(); i++) {
            parameters.addValue(PgArrays.values(rows.vector(i), selected));
        }
        parameters.addValue(deletes.offsets(rows, selected));
        times().own(rows.shape().columns()).ifPresent(own -> parameters.addValue(times().values(rows, selected)));
        deletes.addOwnValues(parameters, rows, selected);
        return parameters.addValue(rows.partition());
    }

    @Override
    public Explanation explain(Map<String, Shape> streams) {
        Shape shape = streams.get(stream.name());
        return Explanation.ofStream(
                "One row a key: the newest event's, by event time, then by position. A batch is reduced to that first. Of "
                        + "a large batch, rows of keys that aren't there yet are inserted without ON CONFLICT.",
                key(),
                shape,
                List.of(upsertStatement(shape.columns())),
                List.of(deletes.description()));
    }

    private String insertStatement(List<Column> columns) {
        List<Column> given = given(columns);
        String partition = "$" + (given.size() + 1) + "::integer";
        String admitted = deletes.insertCondition(partition);
        return "INSERT INTO " + table + " AS t (" + Sql.list(given, c -> Sql.quote(c.name())) + ", _partition) SELECT "
                + Sql.list(given, c -> "u." + Sql.quote(c.name())) + ", " + partition + " FROM "
                + BatchParameters.rows(given) + (admitted.isEmpty() ? "" : " WHERE " + admitted);
    }

    private String upsertStatement(List<Column> columns) {
        List<Column> updated = given(columns);
        updated.removeIf(c -> stream.key().contains(c.name()));
        updated.add(PARTITION);
        return insertStatement(columns) + " ON CONFLICT (" + Sql.list(stream.key(), Sql::quote) + ") DO UPDATE SET "
                + Sql.list(
                        updated, c -> Sql.quote(c.name()) + " = " + unchanged().update(c)) + " WHERE "
                + deletes.overwriteCondition();
    }

    private List<Column> given(List<Column> columns) {
        List<Column> given = new ArrayList<>(columns);
        given.add(OFFSET);
        times().own(columns).ifPresent(given::add);
        given.addAll(deletes.ownColumns());
        return given;
    }
}
