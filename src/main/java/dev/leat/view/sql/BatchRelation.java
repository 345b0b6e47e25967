package dev.leat.view.sql;

import dev.leat.catalog.BatchParameters;
import dev.leat.postgres.Sql;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.schema.types.table.TypeTable;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Rows of a batch as a relation that a statement may read under the stream's name: the columns that the SELECT uses and,
 * after them, {@code _partition}, {@code _offset}, {@code _timestamp} (Kafka's) and {@code _time} (the event's).
 *
 * @param columns those that the SELECT uses, as the view was compiled for; rows may have fewer
 */
record BatchRelation(String stream, List<Column> columns) {

    static BatchRelation of(ValidatedSelect validated, FromTable stream) {
        return of(validated, stream, Set.of());
    }

    /** @param also names of columns that are needed besides */
    static BatchRelation of(ValidatedSelect validated, FromTable stream, Set<String> also) {
        List<Column> columns = new ArrayList<>(validated.used(stream));
        stream.relation().columns().stream()
                .filter(column -> also.contains(column.name()) && !columns.contains(column))
                .forEach(columns::add);
        return new BatchRelation(stream.relation().name(), columns);
    }

    /** {@code "rides" AS (SELECT … FROM unnest(…))}: the first parameters are those of {@link #parameters}. */
    String with(Rows rows) {
        return Sql.quote(stream) + " AS (" + select(rows) + ")";
    }

    /** The same without any row. */
    String withNothing() {
        List<Column> all = new ArrayList<>(columns);
        all.addAll(EventColumns.ALL);
        return Sql.quote(stream) + " AS (SELECT "
                + Sql.list(all, c -> "NULL::" + c.type().postgres() + " AS " + Sql.quote(c.name())) + " WHERE false)";
    }

    /**
     * The SELECT with some of the rows bound in place of the stream.
     *
     * @param from the stream, as the SELECT names it
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
        List.of(EventColumns.OFFSET, EventColumns.TIMESTAMP, EventColumns.TIME)
                .forEach(c -> selected.add(Sql.quote(c.name())));
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
                parameters.addValue(values(column, rows.vector(column.name()), selected));
            }
        }
        parameters.addValue(BatchParameters.offsets(rows, selected));
        parameters.addValue(BatchParameters.timestamps(rows, selected));
        parameters.addValue(times(rows, selected));
        return parameters.addValue(rows.partition());
    }

    /**
     * As what the view was compiled for, so that an expression means the same for every event, whichever contract it was
     * written with. What the view isn't compiled for yet, it never gets.
     */
    private Object[] values(Column column, Vector vector, int[] selected) {
        if (vector.type().equals(column.type())) {
            return PgArrays.values(vector, selected);
        }
        if (!column.type().holds(vector.type())) {
            throw new ContractException("column " + column.name() + " of stream " + stream + " is "
                    + vector.type().postgres() + " now, and the view is kept for "
                    + column.type().postgres() + ": its SELECT or its state doesn't fit the new type");
        }
        Vector widened = new Vector(column.type(), selected.length);
        for (int row : selected) {
            widened.appendValue(TypeTable.widened(vector.valueAt(row), vector.type(), column.type()));
        }
        return PgArrays.values(widened, IntStream.range(0, selected.length).toArray());
    }

    /** The columns that come as arrays, in the types that the view was compiled for. */
    private List<Column> given(Rows rows) {
        List<Column> given = new ArrayList<>();
        for (Column column : columns) {
            if (rows.shape().has(column.name())) {
                given.add(column);
            }
        }
        given.addAll(List.of(EventColumns.OFFSET, EventColumns.TIMESTAMP, EventColumns.TIME));
        return given;
    }

    /** When the events happened. */
    static OffsetDateTime[] times(Rows rows, int[] selected) {
        OffsetDateTime[] times = new OffsetDateTime[selected.length];
        for (int i = 0; i < selected.length; i++) {
            times[i] = PgTimes.timestamp(rows.eventTime(selected[i]));
        }
        return times;
    }
}
