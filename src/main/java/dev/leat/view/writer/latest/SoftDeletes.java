package dev.leat.view.writer.latest;

import dev.leat.catalog.BatchParameters;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.TableWriter;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * A deleted row stays, with its last values and {@code _deleted} true; it is remembered for ever. A delete of a
 * key that was never seen makes a row with nothing but the key.
 */
public final class SoftDeletes implements Deletes {

    public static final Column DELETED =
            new Column("_deleted", ColumnType.of(ColumnType.Kind.BOOLEAN), true, "whether the row is deleted");

    private final Stream stream;
    private final String table;

    public SoftDeletes(Stream stream, String table) {
        this.stream = stream;
        this.table = table;
    }

    @Override
    public String description() {
        return "deleted rows stay, with _deleted true, and are never cleaned up";
    }

    @Override
    public List<Column> ownColumns() {
        return List.of(DELETED);
    }

    @Override
    public void addOwnValues(Tuple parameters, Rows rows, int[] selected) {
        parameters.addValue(BatchParameters.deletes(rows, selected));
    }

    @Override
    public int[] firstRows(LatestPerKey latest) {
        return latest.newest();
    }

    @Override
    public Long[] offsets(Rows rows, int[] selected) {
        return BatchParameters.offsets(rows, selected);
    }

    @Override
    public String insertCondition(String partition) {
        return "";
    }

    /** A delete overwrites nothing here: a later statement marks the existing row. */
    @Override
    public String overwriteCondition() {
        return "NOT excluded._deleted AND "
                + stream.eventTime()
                        .column()
                        .map(Sql::quote)
                        .map(time -> "CASE WHEN " + IS_LATER + " THEN t." + time + " IS NULL OR t." + time
                                + " <= excluded." + time + " ELSE NOT t._deleted AND t." + time + " < excluded." + time
                                + " END")
                        .orElse(IS_LATER);
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, LatestPerKey latest) {
        int[] deletes = latest.deletes();
        List<Column> given =
                new ArrayList<>(stream.key().stream().map(rows.shape()::column).toList());
        Tuple parameters = Tuple.tuple();
        given.forEach(c -> parameters.addValue(PgArrays.values(rows.vector(c.name()), deletes)));
        given.add(TableWriter.OFFSET);
        parameters.addValue(BatchParameters.offsets(rows, deletes));
        parameters.addValue(rows.partition());
        String partition = "$" + parameters.size() + "::integer";
        String mark = "UPDATE " + table + " AS t SET _deleted = true, _partition = " + partition
                + ", _offset = u._offset FROM " + BatchParameters.rows(given) + " WHERE "
                + Sql.equal("t", "u", stream.key()) + " AND (t._partition <> " + partition
                + " OR t._offset < u._offset)";
        tx.submit(mark, parameters);
    }
}
