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
    private long[] longs; // of a column of doubles, their bits: a record's doubles are copied as they stand
    private Object[] objects;
    private int size;

    Vector(ColumnType type) {
        this(type, INITIAL_ROWS);
    }

    /** @param rows that there is room for before it has to grow; at least 1 */
    Vector(ColumnType type, int rows) {
        this.type = type;
        switch (type.storage()) {
            case LONG, DOUBLE -> longs = new long[rows];
            case OBJECT -> objects = new Object[rows];
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

    boolean hasNull(int from, int to) {
        int first = nulls.nextSetBit(from);
        return first >= 0 && first < to;
    }

    /** The value of a column whose storage is LONG; units as {@link ColumnType.Kind} says. */
    public long longAt(int row) {
        return longs[row];
    }

    public double doubleAt(int row) {
        return Double.longBitsToDouble(longs[row]);
    }

    public Object objectAt(int row) {
        return objects[row];
    }

    /** The value of any column: a Boolean, a Long, a Double, or what {@link ColumnType.Kind} says; null for none. */
    public Object valueAt(int row) {
        if (nulls.get(row)) {
            return null;
        }
        return switch (type.storage()) {
            case LONG -> type.kind() == ColumnType.Kind.BOOLEAN ? (Object) (longs[row] != 0) : (Object) longs[row];
            case DOUBLE -> doubleAt(row);
            case OBJECT -> objects[row];
        };
    }

    /**
     * The same as a value of a type that holds this vector's.
     *
     * @throws IllegalArgumentException when it is one that the other type can't hold after all
     */
    public Object valueAt(int row, ColumnType wider) {
        try {
            return AvroValue.widened(valueAt(row), type, wider);
        } catch (Cursor.Malformed e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    void append(long value) {
        if (size == longs.length) {
            longs = Arrays.copyOf(longs, size * 2);
        }
        longs[size++] = value;
    }

    void append(double value) {
        append(Double.doubleToRawLongBits(value));
    }

    void append(Object value) {
        if (size == objects.length) {
            objects = Arrays.copyOf(objects, size * 2);
        }
        objects[size++] = value;
    }

    /** Appends a value of a column whose storage is OBJECT; null: none. */
    void appendOrNull(Object value) {
        if (value == null) {
            appendNull();
        } else {
            append(value);
        }
    }

    /** Appends a value as {@link #valueAt} gives it. */
    void appendValue(Object value) {
        if (value == null) {
            appendNull();
            return;
        }
        switch (type.storage()) {
            case LONG -> append(value instanceof Boolean flag ? (flag ? 1L : 0L) : ((Number) value).longValue());
            case DOUBLE -> append(((Number) value).doubleValue());
            case OBJECT -> append(value);
        }
    }

    void appendNull() {
        nulls.set(size);
        switch (type.storage()) {
            case LONG, DOUBLE -> append(0L);
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
                    case LONG, DOUBLE -> append(other.longs[row]);
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
