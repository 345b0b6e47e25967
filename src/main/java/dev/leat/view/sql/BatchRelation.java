package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.PgArrays;
import dev.leat.schema.types.Rows;
import dev.leat.view.writer.BatchParameters;
import dev.leat.view.writer.TableWriter;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a batch as a relation that a statement may read under the stream's name: the columns that the SELECT uses and,
 * behind them, {@code _partition}, {@code _offset}, {@code _timestamp} (Kafka's) and {@code _time} (the event's).
 *
 * @param columns those that the SELECT uses, as the view was compiled for; rows may have fewer
 */
record BatchRelation(String stream, List<Column> columns) {

    static final Column PARTITION = TableWriter.PARTITION;
    static final Column OFFSET = TableWriter.OFFSET;
    static final Column TIMESTAMP = new Column("_timestamp", ColumnType.of(ColumnType.Kind.TIMESTAMP), true, "");
    static final Column TIME = new Column("_time", ColumnType.of(ColumnType.Kind.TIMESTAMP), true, "");

    /** What a SELECT may read of a stream besides its own columns. */
    static final List<Column> POSITION = List.of(PARTITION, OFFSET, TIMESTAMP, TIME);

    static BatchRelation of(ValidatedSelect checked, FromTable stream) {
        return new BatchRelation(stream.relation().name(), checked.used(stream));
    }

    /** {@code "rides" AS (SELECT … FROM unnest(…))}: the first parameters are those of {@link #parameters}. */
    String with(Rows rows) {
        return Sql.quote(stream) + " AS (" + select(rows) + ")";
    }

    /**
     * The stream stands for some of the rows.
     *
     * @param from the stream, as it stands in the SELECT
     */
    BoundSelect bound(FromTable from, Rows rows, int[] selected, String fromWhere) {
        return new BoundSelect(with(rows), fromWhere, () -> parameters(rows, selected), from);
    }

    String select(Rows rows) {
        List<Column> given = given(rows);
        String partition = "$" + (given.size() + 1) + "::integer";
        List<String> selected = new ArrayList<>();
        for (Column column : columns) {
            selected.add(
                    rows.shape().has(column.name())
                            ? Sql.quote(column.name())
                            : "NULL::" + column.type().postgres() + " AS " + Sql.quote(column.name()));
        }
        selected.add(partition + " AS _partition");
        List.of(OFFSET, TIMESTAMP, TIME).forEach(c -> selected.add(Sql.quote(c.name())));
        return "SELECT " + String.join(", ", selected) + " FROM " + BatchParameters.rows(given);
    }

    /** How many parameters come with {@link #parameters}. */
    int parameterCount(Rows rows) {
        return given(rows).size() + 1;
    }

    Tuple parameters(Rows rows, int[] selected) {
        Tuple parameters = Tuple.tuple();
        for (Column column : columns) {
            if (rows.shape().has(column.name())) {
                parameters.addValue(PgArrays.values(rows.vector(column.name()), selected));
            }
        }
        parameters.addValue(BatchParameters.offsets(rows, selected));
        parameters.addValue(BatchParameters.timestamps(rows, selected));
        parameters.addValue(times(rows, selected));
        return parameters.addValue(rows.partition());
    }

    /** The columns that come as arrays, in the types that these rows have. */
    private List<Column> given(Rows rows) {
        List<Column> given = new ArrayList<>();
        for (Column column : columns) {
            if (rows.shape().has(column.name())) {
                given.add(rows.shape().column(column.name()));
            }
        }
        given.addAll(List.of(OFFSET, TIMESTAMP, TIME));
        return given;
    }

    /** When the events happened. */
    static OffsetDateTime[] times(Rows rows, int[] selected) {
        OffsetDateTime[] times = new OffsetDateTime[selected.length];
        for (int i = 0; i < selected.length; i++) {
            times[i] = PgArrays.timestamp(rows.eventTime(selected[i]));
        }
        return times;
    }
}
