package dev.leat.view.sql;

import dev.leat.catalog.BatchParameters;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.types.table.PgArrays;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
