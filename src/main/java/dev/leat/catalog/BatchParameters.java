package dev.leat.catalog;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.types.table.PgArrays;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The parts of a bulk statement that every kind of view has in the same place. */
public final class BatchParameters {

    private BatchParameters() {}

    /**
     * {@code (SELECT unnest($1::text[]) AS …, …) AS u}: the rows that a statement is given, in their order, each column as
     * it is in the table. The parameters are arrays of one length, a column each, from the first on.
     */
    public static String rows(List<Column> columns) {
        // Not in FROM: there Postgres writes each array out into a store of its own first.
        return IntStream.range(0, columns.size())
                .mapToObj(i -> PgArrays.unnested("$" + (i + 1), columns.get(i).type()) + " AS "
                        + Sql.quote(columns.get(i).name()))
                .collect(Collectors.joining(", ", "(SELECT ", ") AS u"));
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
            timestamps[i] = PgTimes.timestamp(Math.multiplyExact(rows.timestamp(selected[i]), 1000L));
        }
        return timestamps;
    }

    /** Which of the rows are deletes. */
    public static Boolean[] deletes(Rows rows, int[] selected) {
        Boolean[] deletes = new Boolean[selected.length];
        for (int i = 0; i < selected.length; i++) {
            deletes[i] = rows.isDelete(selected[i]);
        }
        return deletes;
    }

    public static int[] all(Rows rows) {
        return IntStream.range(0, rows.size()).toArray();
    }
}
