package dev.leat.view.statement;

import dev.leat.schema.Column;
import dev.leat.schema.Rows;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The parts of a bulk statement that every kind of view has in the same place. */
public final class Positions {

    private Positions() {}

    /** {@code $1::text[], $2::integer[], …}: one array parameter a column, from the first on. */
    public static String parameters(List<Column> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "$" + (i + 1) + "::"
                        + PgArrays.parameterType(columns.get(i).type()))
                .collect(Collectors.joining(", "));
    }

    /**
     * {@code (SELECT … FROM unnest($1::text[], …) AS u(…)) AS u}: the rows that a statement is given, in their order, each
     * column as it is in the table.
     */
    public static String rows(List<Column> columns) {
        return "(SELECT " + Sql.list(columns, c -> PgArrays.selected(c) + " AS " + Sql.quote(c.name()))
                + " FROM unnest(" + parameters(columns) + ") AS u(" + Sql.list(columns, c -> Sql.quote(c.name()))
                + ")) AS u";
    }

    public static Long[] offsets(Rows rows, int[] selected) {
        Long[] offsets = new Long[selected.length];
        for (int i = 0; i < selected.length; i++) {
            offsets[i] = rows.offset(selected[i]);
        }
        return offsets;
    }

    public static OffsetDateTime[] timestamps(Rows rows, int[] selected) {
        OffsetDateTime[] timestamps = new OffsetDateTime[selected.length];
        for (int i = 0; i < timestamps.length; i++) {
            timestamps[i] = PgArrays.timestamp(Math.multiplyExact(rows.timestamp(selected[i]), 1000L));
        }
        return timestamps;
    }

    public static int[] all(Rows rows) {
        return IntStream.range(0, rows.size()).toArray();
    }
}
