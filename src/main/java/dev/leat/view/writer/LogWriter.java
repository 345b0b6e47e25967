package dev.leat.view.writer;

import dev.leat.catalog.BatchParameters;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.table.PgArrays;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every event, one row each, deletes included. Its key is the position: a position twice would fail, not pass. */
public final class LogWriter implements TableWriter {

    private static final Column TIMESTAMP =
            new Column("_timestamp", ColumnType.of(ColumnType.Kind.TIMESTAMP), true, "Kafka timestamp of the event");
    private static final Column DELETED =
            new Column("_deleted", ColumnType.of(ColumnType.Kind.BOOLEAN), true, "whether the event is a delete");

    private final String table;

    public LogWriter(String table) {
        this.table = table;
    }

    @Override
    public List<Column> ownColumns(List<Column> ofStream) {
        return List.of(PARTITION, OFFSET, TIMESTAMP, DELETED);
    }

    @Override
    public List<String> key() {
        return List.of(PARTITION.name(), OFFSET.name());
    }

    @Override
    public boolean showsDeletes() {
        return true;
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        Tuple parameters = Tuple.tuple();
        for (int i = 0; i < rows.shape().size(); i++) {
            parameters.addValue(PgArrays.values(rows.vector(i), selected));
        }
        parameters.addValue(BatchParameters.offsets(rows, selected));
        parameters.addValue(BatchParameters.timestamps(rows, selected));
        parameters.addValue(BatchParameters.deletes(rows, selected));
        parameters.addValue(rows.partition());
        tx.submit(insertStatement(rows.shape().columns()), parameters);
    }

    @Override
    public Explanation explain(Map<String, Shape> streams) {
        Shape shape = streams.values().iterator().next();
        return Explanation.ofStream(
                "Every event is a row, deletes included; nothing changes it later.",
                key(),
                shape,
                List.of(insertStatement(shape.columns())),
                List.of());
    }

    private String insertStatement(List<Column> columns) {
        List<Column> given = new ArrayList<>(columns);
        given.addAll(List.of(OFFSET, TIMESTAMP, DELETED));
        String names = Sql.list(given, c -> Sql.quote(c.name()));
        return "INSERT INTO " + table + " (" + names + ", _partition) SELECT " + names + ", $" + (given.size() + 1)
                + "::integer FROM " + BatchParameters.rows(given);
    }
}
