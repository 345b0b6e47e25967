package dev.leat.schema.types;

import java.util.Arrays;

/**
 * The values of one column for a run of rows, in primitive form where the type has one. Filled by one thread while
 * decoding; not written to after that, and then safe to read from any.
 */
public final class Vector {

    private static final int INITIAL_ROWS = 256;

    private final ColumnType type;
    private long[] nulls; // a bit a row; null, or too short, where none is set
    private long[] longs; // of a column of doubles, their bits: a record's doubles are copied unchanged
    private Object[] objects;
    private final Texts texts; // of a column of texts, instead of objects
    private int size;

    public Vector(ColumnType type) {
        this(type, INITIAL_ROWS);
    }

    /** @param rows that there is room for before it has to grow; at least 1 */
    public Vector(ColumnType type, int rows) {
        this.type = type;
        this.texts = type.kind() == ColumnType.Kind.STRING ? new Texts(rows) : null;
        switch (type.storage()) {
            case LONG, DOUBLE -> longs = new long[rows];
            case OBJECT -> objects = texts == null ? new Object[rows] : null;
        }
    }

    /** One of values that are there already, none of them null; they must not change after that. */
    public static Vector of(ColumnType type, long[] values) {
        Vector vector = new Vector(type, 1);
        vector.longs = values;
        vector.size = values.length;
        return vector;
    }

    public ColumnType type() {
        return type;
    }

    public int size() {
        return size;
    }

    public boolean isNull(int row) {
        return nulls != null && row >> 6 < nulls.length && (nulls[row >> 6] & 1L << row) != 0;
    }

    boolean hasNull(int from, int to) {
        for (int row = from; nulls != null && row < to; row++) {
            if (isNull(row)) {
                return true;
            }
        }
        return false;
    }

    /** The value of a column whose storage is LONG; units as {@link ColumnType.Kind} says. */
    public long longAt(int row) {
        return longs[row];
    }

    public double doubleAt(int row) {
        return Double.longBitsToDouble(longs[row]);
    }

    public Object objectAt(int row) {
        if (texts == null) {
            return objects[row];
        }
        return isNull(row) ? null : texts.at(row);
    }

    /** Well-formed UTF-8 of a text, which must not be null. Creates no string. */
    public byte[] utf8At(int row) {
        return texts.utf8At(row);
    }

    /** Whether these rows' texts are all well-formed UTF-8; true of a column that isn't of texts. */
    public boolean areWellFormed(int from, int to) {
        return texts == null || texts.areWellFormed(from, to);
    }

    /** The value of any column: a Boolean, a Long, a Double, or what {@link ColumnType.Kind} says; null for none. */
    public Object valueAt(int row) {
        if (isNull(row)) {
            return null;
        }
        return switch (type.storage()) {
            case LONG -> type.kind() == ColumnType.Kind.BOOLEAN ? (Object) (longs[row] != 0) : (Object) longs[row];
            case DOUBLE -> doubleAt(row);
            case OBJECT -> objectAt(row);
        };
    }

    public void append(long value) {
        roomFor(1)[size++] = value;
    }

    public void append(double value) {
        append(Double.doubleToRawLongBits(value));
    }

    public void append(Object value) {
        if (texts != null) {
            texts.append(size, (String) value);
        } else {
            if (size == objects.length) {
                objects = Arrays.copyOf(objects, size * 2);
            }
            objects[size] = value;
        }
        size++;
    }

    /** Appends a text of this UTF-8. */
    public void appendUtf8(byte[] bytes, int from, int length) {
        texts.append(size++, bytes, from, length);
    }

    /** Appends a value of a column whose storage is OBJECT; null: none. */
    public void appendOrNull(Object value) {
        if (value == null) {
            appendNull();
        } else {
            append(value);
        }
    }

    /** Appends a value as {@link #valueAt} gives it. */
    public void appendValue(Object value) {
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

    public void appendNull() {
        markNulls(size >> 6, 1L << size);
        if (texts != null) {
            texts.appendNone(size++);
        } else if (objects != null) {
            append((Object) null);
        } else {
            append(0L);
        }
    }

    /** Appends these rows of another vector of the same type. */
    public void appendAll(Vector other, int[] rows) {
        for (int row : rows) {
            if (other.isNull(row)) {
                appendNull();
            } else if (texts != null) {
                texts.append(size++, other.texts, row);
            } else if (objects != null) {
                append(other.objects[row]);
            } else {
                append(other.longs[row]);
            }
        }
    }

    /** The array of numbers, with room for so many more after the last one; {@link #grow} adds those that were written. */
    public long[] roomFor(int more) {
        if (size + more > longs.length) {
            longs = Arrays.copyOf(longs, Math.max(size + more, size * 2));
        }
        return longs;
    }

    public void grow(int more) {
        size += more;
    }

    /** @param bits of the 64 rows from the word's on, those that have no value; more than were marked before */
    public void markNulls(int word, long bits) {
        if (nulls == null) {
            nulls = new long[Math.max(word, capacity() - 1 >> 6) + 1];
        } else if (word >= nulls.length) {
            nulls = Arrays.copyOf(nulls, (word + 1) * 2);
        }
        nulls[word] |= bits;
    }

    private int capacity() {
        if (texts != null) {
            return texts.capacity();
        }
        return objects != null ? objects.length : longs.length;
    }

    /** Forgets the rows from this one on: what was read of a record that turned out to be broken. */
    void truncate(int rows) {
        if (nulls != null && rows >> 6 < nulls.length) {
            nulls[rows >> 6] &= (1L << rows) - 1;
            Arrays.fill(nulls, (rows >> 6) + 1, nulls.length, 0);
        }
        if (texts != null) {
            texts.truncate(rows);
        } else if (objects != null && size > rows) {
            Arrays.fill(objects, rows, size, null);
        }
        size = rows;
    }
}
