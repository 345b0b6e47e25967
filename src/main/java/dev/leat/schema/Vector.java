package dev.leat.schema;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The values of one column for a run of rows, in primitive form where the type has one. Filled by one thread while
 * decoding; not written to after that, and then safe to read from any.
 */
public final class Vector {

    private static final int INITIAL_ROWS = 256;

    private final ColumnType type;
    private final BitSet nulls = new BitSet();
    private long[] longs;
    private double[] doubles;
    private Object[] objects;
    private int size;

    Vector(ColumnType type) {
        this.type = type;
        switch (type.storage()) {
            case LONG -> longs = new long[INITIAL_ROWS];
            case DOUBLE -> doubles = new double[INITIAL_ROWS];
            case OBJECT -> objects = new Object[INITIAL_ROWS];
        }
    }

    public ColumnType type() {
        return type;
    }

    public int size() {
        return size;
    }

    public boolean isNull(int row) {
        return nulls.get(row);
    }

    /** The value of a column whose storage is LONG; units as {@link ColumnType.Kind} says. */
    public long longAt(int row) {
        return longs[row];
    }

    public double doubleAt(int row) {
        return doubles[row];
    }

    public Object objectAt(int row) {
        return objects[row];
    }

    void append(long value) {
        if (size == longs.length) {
            longs = Arrays.copyOf(longs, size * 2);
        }
        longs[size++] = value;
    }

    void append(double value) {
        if (size == doubles.length) {
            doubles = Arrays.copyOf(doubles, size * 2);
        }
        doubles[size++] = value;
    }

    void append(Object value) {
        if (size == objects.length) {
            objects = Arrays.copyOf(objects, size * 2);
        }
        objects[size++] = value;
    }

    void appendNull() {
        nulls.set(size);
        switch (type.storage()) {
            case LONG -> append(0L);
            case DOUBLE -> append(0.0);
            case OBJECT -> append((Object) null);
        }
    }

    /** Appends these rows of another vector of the same type. */
    void appendAll(Vector other, int[] rows) {
        for (int row : rows) {
            if (other.isNull(row)) {
                appendNull();
            } else {
                switch (type.storage()) {
                    case LONG -> append(other.longs[row]);
                    case DOUBLE -> append(other.doubles[row]);
                    case OBJECT -> append(other.objects[row]);
                }
            }
        }
    }

    /** Forgets the rows from this one on: what was read of a record that turned out to be broken. */
    void truncate(int rows) {
        if (size > rows) {
            nulls.clear(rows, size);
            if (objects != null) {
                Arrays.fill(objects, rows, size, null);
            }
            size = rows;
        }
    }
}
