package dev.leat.view.sql;

import dev.leat.schema.types.Rows;
import java.util.Arrays;

/** Which of a batch's rows a SELECT gets to see. */
final class VisibleEvents {

    private VisibleEvents() {}

    /** A delete has nothing but its key: it is no row to a SELECT. */
    static int[] withoutDeletes(Rows rows, int[] selected) {
        return Arrays.stream(selected).filter(row -> !rows.isDelete(row)).toArray();
    }

    /** @param some of those that are selected; both are ascending */
    static int[] without(int[] selected, int[] some) {
        return some.length == 0
                ? selected
                : Arrays.stream(selected)
                        .filter(row -> Arrays.binarySearch(some, row) < 0)
                        .toArray();
    }
}
