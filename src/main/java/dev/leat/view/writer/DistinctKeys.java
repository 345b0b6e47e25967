package dev.leat.view.writer;

import dev.leat.schema.types.Vector;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The different keys of some rows, numbered as they come up, and their order. Keys are equal where Postgres holds their
 * values for equal, and where both have none. A hash table over the vectors: nothing is made for a row.
 */
public final class DistinctKeys {

    private final Vector[] key;
    private final int[] numbers;
    private final int[] firsts;
    private int size;

    /** @param key the columns of a key */
    public DistinctKeys(List<Vector> key, int[] selected) {
        this.key = key.toArray(Vector[]::new);
        this.numbers = new int[selected.length];
        this.firsts = new int[selected.length];
        // Open addressing: a slot holds the number of a key, plus one, beside its hash.
        int[] slots = new int[Integer.highestOneBit(Math.max(1, selected.length)) * 4];
        int[] hashes = new int[selected.length];
        for (int i = 0; i < selected.length; i++) {
            numbers[i] = number(selected[i], slots, hashes);
        }
    }

    private int number(int row, int[] slots, int[] hashes) {
        int hash = hash(row);
        int slot = (hash ^ hash >>> 15) & slots.length - 1;
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            if (hashes[number] == hash && compare(row, firsts[number]) == 0) {
                return number;
            }
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = size + 1;
        hashes[size] = hash;
        firsts[size] = row;
        return size++;
    }

    public int size() {
        return size;
    }

    /** The number of the key of the selected row at this index. */
    public int at(int index) {
        return numbers[index];
    }

    /** A row of each key, by its number. */
    public int[] firsts() {
        return Arrays.copyOf(firsts, size);
    }

    /** The numbers of keys that all have values, in the order of these. What comes in that order already costs next to nothing. */
    public int[] inOrder() {
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (one, other) -> compare(firsts[one], firsts[other]));
        return Arrays.stream(order).mapToInt(i -> i).toArray();
    }

    private int hash(int row) {
        int hash = 0;
        for (Vector part : key) {
            hash = hash * 31 + hash(part, row);
        }
        return hash * 0x9e3779b9;
    }

    private static int hash(Vector vector, int row) {
        if (vector.isNull(row)) {
            return 0;
        }
        return switch (vector.type().storage()) {
            case LONG -> Long.hashCode(vector.longAt(row));
            // 0.0 and -0.0 are one.
            case DOUBLE -> Double.hashCode(vector.doubleAt(row) + 0.0);
            case OBJECT -> comparable(vector.objectAt(row)).hashCode();
        };
    }

    private int compare(int row, int other) {
        for (Vector part : key) {
            int difference = compare(part, row, other);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    /** The types of keys all have an order. */
    @SuppressWarnings("unchecked")
    private static int compare(Vector vector, int row, int other) {
        if (vector.isNull(row) || vector.isNull(other)) {
            return Boolean.compare(vector.isNull(row), vector.isNull(other));
        }
        return switch (vector.type().storage()) {
            case LONG -> Long.compare(vector.longAt(row), vector.longAt(other));
            case DOUBLE -> Double.compare(vector.doubleAt(row) + 0.0, vector.doubleAt(other) + 0.0);
            case OBJECT ->
                ((Comparable<Object>) comparable(vector.objectAt(row))).compareTo(comparable(vector.objectAt(other)));
        };
    }

    private static Comparable<?> comparable(Object value) {
        return switch (value) {
            case String text -> text;
            case byte[] bytes -> ByteBuffer.wrap(bytes);
            case BigDecimal decimal -> decimal.stripTrailingZeros();
            default -> (Comparable<?>) value;
        };
    }
}
