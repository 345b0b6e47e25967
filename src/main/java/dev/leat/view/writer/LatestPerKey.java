package dev.leat.view.writer;

import dev.leat.schema.Rows;
import dev.leat.schema.Vector;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A batch reduced to what it means for each key: its last delete, the newest event before that, and the newest event
 * behind it. Newest is by event time, then by position; what is older than an event before the delete stays deleted.
 *
 * <p>Keys are in an order that depends on nothing but their values, so that lanes that share keys lock their rows in the
 * same order.
 *
 * @param keys what the batch means for each of its keys, in the order of the keys
 */
public record LatestPerKey(List<OfKey> keys) {

    private static final int NONE = -1;

    /**
     * What is left of one key's events. All are indexes of rows.
     *
     * @param newest the newest event up to the last delete, or of all without one; the delete where there is none
     * @param delete the last delete, or -1
     * @param revival the newest event behind the last delete, unless it is older than {@code newest}; or -1
     */
    public record OfKey(int newest, int delete, int revival) {
        boolean isDeleted() {
            return delete != NONE;
        }

        boolean isRevived() {
            return revival != NONE;
        }
    }

    public static LatestPerKey of(Rows rows, int[] selected) {
        Vector[] key = rows.stream().key().stream().map(rows::vector).toArray(Vector[]::new);
        Map<Object, Reduction> reductions = new HashMap<>(selected.length * 2);
        for (int row : selected) {
            reductions.computeIfAbsent(keyOf(key, row), k -> new Reduction()).take(rows, row);
        }
        List<Map.Entry<Object, Reduction>> inOrder = new ArrayList<>(reductions.entrySet());
        inOrder.sort(Map.Entry.comparingByKey(key.length == 1 ? LatestPerKey::compare : LatestPerKey::compareParts));
        return new LatestPerKey(inOrder.stream().map(e -> e.getValue().end()).toList());
    }

    /** One row a key: its last delete if it has one, else its newest event. */
    public int[] deletesOrNewest() {
        return rowsOf(keys, k -> k.isDeleted() ? k.delete() : k.newest());
    }

    /** One row a key: its newest event up to its last delete; only the delete where there is none. */
    public int[] newest() {
        return rowsOf(keys, OfKey::newest);
    }

    public boolean hasDeletes() {
        return keys.stream().anyMatch(OfKey::isDeleted);
    }

    /** The last delete of each key that has one. */
    public int[] deletes() {
        return rowsOf(keys.stream().filter(OfKey::isDeleted).toList(), OfKey::delete);
    }

    /** For each of {@link #deletes()} the newest event before it, or itself where there is none. */
    public int[] newestBeforeDeletes() {
        return rowsOf(keys.stream().filter(OfKey::isDeleted).toList(), OfKey::newest);
    }

    /** What keys are left with that were deleted in this batch and came back. */
    public int[] revivals() {
        return rowsOf(keys.stream().filter(OfKey::isRevived).toList(), OfKey::revival);
    }

    private static int[] rowsOf(List<OfKey> keys, ToIntFunction<OfKey> row) {
        return keys.stream().mapToInt(row).toArray();
    }

    /** The events of one key so far. */
    private static final class Reduction {
        private int before = NONE;
        private int delete = NONE;
        private int newest = NONE; // behind the delete

        void take(Rows rows, int row) {
            if (rows.isDelete(row)) {
                // What is behind the last delete is newer than what was before it.
                before = newest == NONE ? before : newest;
                delete = row;
                newest = NONE;
                return;
            }
            int rival = newest == NONE ? before : newest;
            if (rival == NONE || isNewer(rows, row, rival)) {
                newest = row;
            }
        }

        OfKey end() {
            return delete == NONE
                    ? new OfKey(newest, NONE, NONE)
                    : new OfKey(before == NONE ? delete : before, delete, newest);
        }

        /** Whether an event is newer than one that stands before it. */
        private static boolean isNewer(Rows rows, int row, int rival) {
            return rows.stream().eventTime().isEmpty() || rows.isNotOlder(row, rival);
        }
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

    /** Equal where Postgres holds the values for equal. */
    private static Object valueOf(Vector vector, int row) {
        return switch (vector.type().storage()) {
            case LONG -> vector.longAt(row);
            // 0.0 and -0.0 are one.
            case DOUBLE -> vector.doubleAt(row) + 0.0;
            case OBJECT ->
                switch (vector.objectAt(row)) {
                    case byte[] bytes -> ByteBuffer.wrap(bytes);
                    case BigDecimal decimal -> decimal.stripTrailingZeros();
                    case Object value -> value;
                };
        };
    }

    private static int compareParts(Object one, Object other) {
        List<?> parts = (List<?>) one;
        List<?> others = (List<?>) other;
        for (int i = 0; i < parts.size(); i++) {
            int difference = compare(parts.get(i), others.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    /** Both are values of one column, whose types all have an order. */
    @SuppressWarnings("unchecked")
    private static int compare(Object one, Object other) {
        return ((Comparator<Object>) (Comparator<?>) Comparator.naturalOrder()).compare(one, other);
    }
}
