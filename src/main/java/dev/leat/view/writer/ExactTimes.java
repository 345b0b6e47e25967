package dev.leat.view.writer;

import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.EventTimeType;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.schema.types.table.TypeTable;
import java.util.stream.IntStream;

/** When events happened, as exactly as is known, as a statement's parameter. Deletes have no time. */
public final class ExactTimes {

    private ExactTimes() {}

    /** @param type that {@link EventTimeType} says of these rows, or a wider one */
    public static Object[] of(Rows rows, int[] selected, ColumnType type) {
        ColumnType known = EventTimeType.of(rows.stream(), rows.shape().columns());
        Vector times = new Vector(type, selected.length);
        for (int row : selected) {
            times.appendValue(rows.isDelete(row) ? null : TypeTable.widened(rows.exactTime(row), known, type));
        }
        return PgArrays.values(times, IntStream.range(0, selected.length).toArray());
    }
}
