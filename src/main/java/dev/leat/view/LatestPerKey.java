package dev.leat.view;

import dev.leat.schema.Rows;
import dev.leat.schema.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch reduced to what each key is left with: the keys that were deleted, and the newest event of each key since its
 * last delete. Newest is by event time, then by position.
 *
 * @param deleted one row of each key that was deleted
 * @param kept the row that each key ends with, if any
 */
record LatestPerKey(int[] deleted, int[] kept) {

    static LatestPerKey of(Rows rows, int[] selected) {
        boolean byEventTime = rows.stream().eventTime().isPresent();
        Vector[] key = rows.stream().key().stream().map(rows::vector).toArray(Vector[]::new);
        Map<Object, Integer> kept = new LinkedHashMap<>(selected.length * 2);
        Map<Object, Integer> deleted = new LinkedHashMap<>();
        for (int row : selected) {
            Object of = keyOf(key, row);
            if (rows.isDelete(row)) {
                deleted.put(of, row);
                kept.remove(of);
                continue;
            }
            Integer other = kept.get(of);
            if (other == null || !byEventTime || rows.eventTime(other) <= rows.eventTime(row)) {
                kept.put(of, row);
            }
        }
        return new LatestPerKey(rowsOf(deleted), rowsOf(kept));
    }

    private static int[] rowsOf(Map<Object, Integer> byKey) {
        return byKey.values().stream().mapToInt(Integer::intValue).toArray();
    }

    private static Object keyOf(Vector[] key, int row) {
        if (key.length == 1) {
            return valueOf(key[0], row);
        }
        List<Object> values = new ArrayList<>(key.length);
        for (Vector part : key) {
            values.add(valueOf(part, row));
        }
        return values;
    }

    private static Object valueOf(Vector vector, int row) {
        return switch (vector.type().storage()) {
            case LONG -> vector.longAt(row);
            // Postgres holds 0.0 and -0.0 for equal, and so must we.
            case DOUBLE -> vector.doubleAt(row) + 0.0;
            case OBJECT ->
                switch (vector.objectAt(row)) {
                    case byte[] bytes -> Arrays.hashCode(bytes) + ":" + Arrays.toString(bytes);
                    case java.math.BigDecimal decimal -> decimal.stripTrailingZeros();
                    case Object value -> value;
                };
        };
    }
}
