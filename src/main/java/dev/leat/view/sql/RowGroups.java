package dev.leat.view.sql;

import dev.leat.schema.Vector;
import java.util.Arrays;
import java.util.List;

/**
 * Which rows of a batch are of one group: those with equal values of all key columns, where null equals null. A hash table
 * with open addressing over the vectors; nothing is made for a row.
 */
final class RowGroups {

    private final List<Vector> keys;
    private final int[] groups;
    private int[] firsts = new int[16];
    private int size;

    private int[] table = new int[64]; // a group's number plus one; 0: free

    /** @param rows of the batch, of which each has a group in the end */
    RowGroups(List<Vector> keys, int[] rows) {
        this.keys = keys;
        this.groups = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            groups[i] = group(rows[i]);
        }
    }

    int size() {
        return size;
    }

    /** The group of the n-th of the rows. */
    int of(int index) {
        return groups[index];
    }

    /** A row of each group. */
    int[] firsts() {
        return Arrays.copyOf(firsts, size);
    }

    private int group(int row) {
        int mask = table.length - 1;
        int slot = hash(row) & mask;
        while (table[slot] != 0) {
            int group = table[slot] - 1;
            if (isEqual(firsts[group], row)) {
                return group;
            }
            slot = (slot + 1) & mask;
        }
        if (size == firsts.length) {
            firsts = Arrays.copyOf(firsts, size * 2);
        }
        firsts[size++] = row;
        table[slot] = size;
        if (size * 2 > table.length) {
            grow();
        }
        return size - 1;
    }

    private void grow() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int group = 0; group < size; group++) {
            int slot = hash(firsts[group]) & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = group + 1;
        }
    }

    private int hash(int row) {
        long hash = 0;
        for (Vector key : keys) {
            long value = 0;
            if (!key.isNull(row)) {
                value = switch (key.type().storage()) {
                    case LONG -> key.longAt(row);
                    case DOUBLE -> throw new IllegalArgumentException("floating point has several zeros");
                    case OBJECT -> key.objectAt(row).hashCode();
                };
            }
            hash = (hash + value) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }

    private boolean isEqual(int one, int other) {
        for (Vector key : keys) {
            if (key.isNull(one) != key.isNull(other)) {
                return false;
            }
            if (key.isNull(one)) {
                continue;
            }
            boolean equal =
                    switch (key.type().storage()) {
                        case LONG -> key.longAt(one) == key.longAt(other);
                        case DOUBLE -> key.doubleAt(one) == key.doubleAt(other);
                        case OBJECT -> key.objectAt(one).equals(key.objectAt(other));
                    };
            if (!equal) {
                return false;
            }
        }
        return true;
    }
}
