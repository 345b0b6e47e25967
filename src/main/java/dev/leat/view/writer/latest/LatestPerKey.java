package dev.leat.view.writer.latest;

import dev.leat.schema.types.Rows;
import dev.leat.view.writer.DistinctKeys;
import java.util.Arrays;

/**
 * A batch reduced to what it means for each key: its last delete, the newest event before that, and the newest event
 * after it. Newest is by event time, then by position; what is older than an event before the delete stays deleted.
 *
 * <p>Keys are in an order that depends on nothing but their values, so that lanes that share keys lock their rows in the
 * same order, and rows of neighbouring keys go into an index side by side.
 */
public final class LatestPerKey {

    private static final int NONE = -1;

    // All are indexes of rows, one a key, in the order of the keys: the newest event up to the last delete, or the
    // delete where there is none; the last delete, or none; the newest event after it, unless it is older, or none.
    private final int[] newest;
    private final int[] deletes;
    private final int[] revivals;

    private LatestPerKey(int[] newest, int[] deletes, int[] revivals) {
        this.newest = newest;
        this.deletes = deletes;
        this.revivals = revivals;
    }

    public static LatestPerKey of(Rows rows, int[] selected) {
        DistinctKeys keys =
                new DistinctKeys(rows.stream().key().stream().map(rows::vector).toList(), selected);
        Accumulator accumulator = new Accumulator(rows, keys.size());
        for (int i = 0; i < selected.length; i++) {
            accumulator.take(keys.at(i), selected[i]);
        }
        return accumulator.end(keys.inOrder());
    }

    /** One row a key: its last delete if it has one, else its newest event. */
    public int[] deletesOrNewest() {
        int[] rows = newest.clone();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = deletes[i] == NONE ? rows[i] : deletes[i];
        }
        return rows;
    }

    /** One row a key: its newest event up to its last delete; only the delete where there is none. */
    public int[] newest() {
        return newest;
    }

    public boolean hasDeletes() {
        return Arrays.stream(deletes).anyMatch(row -> row != NONE);
    }

    /** The last delete of each key that has one. */
    public int[] deletes() {
        return present(deletes);
    }

    /** For each of {@link #deletes()} the newest event before it, or itself where there is none. */
    public int[] newestBeforeDeletes() {
        int[] rows = newest.clone();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = deletes[i] == NONE ? NONE : rows[i];
        }
        return present(rows);
    }

    /** What keys are left with that were deleted in this batch and came back. */
    public int[] revivals() {
        return present(revivals);
    }

    private static int[] present(int[] rows) {
        return Arrays.stream(rows).filter(row -> row != NONE).toArray();
    }

    /** The events of each key so far. */
    private static final class Accumulator {
        private final Rows rows;
        private final int[] before;
        private final int[] delete;
        private final int[] newest; // after the delete

        Accumulator(Rows rows, int keys) {
            this.rows = rows;
            this.before = none(keys);
            this.delete = none(keys);
            this.newest = none(keys);
        }

        private static int[] none(int keys) {
            int[] rows = new int[keys];
            Arrays.fill(rows, NONE);
            return rows;
        }

        void take(int key, int row) {
            if (rows.isDelete(row)) {
                // What comes after the last delete is newer than what was before it.
                before[key] = newest[key] == NONE ? before[key] : newest[key];
                delete[key] = row;
                newest[key] = NONE;
                return;
            }
            int rival = newest[key] == NONE ? before[key] : newest[key];
            if (rival == NONE || isNewer(row, rival)) {
                newest[key] = row;
            }
        }

        /** Whether an event is newer than one that comes before it. */
        private boolean isNewer(int row, int rival) {
            return !rows.stream().eventTime().isDeclared() || rows.isNotOlder(row, rival);
        }

        LatestPerKey end(int[] inOrder) {
            LatestPerKey end = new LatestPerKey(none(inOrder.length), none(inOrder.length), none(inOrder.length));
            for (int i = 0; i < inOrder.length; i++) {
                int key = inOrder[i];
                end.deletes[i] = delete[key];
                if (delete[key] == NONE) {
                    end.newest[i] = newest[key];
                } else {
                    end.newest[i] = before[key] == NONE ? delete[key] : before[key];
                    end.revivals[i] = newest[key];
                }
            }
            return end;
        }
    }
}
