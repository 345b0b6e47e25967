package dev.leat.schema.types;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The texts of one column: as the decoded UTF-8, from which strings are created on demand, or as the strings that were
 * appended. Filled by one thread, and then safe to read from any.
 */
final class Texts {

    private static final int USUAL_BYTES = 4;

    /** With fewer rows, the size of the others can't be estimated. */
    private static final int FEW_ROWS = 16;

    private static final int MANY_BYTES = 1 << 24;

    /** Texts of one ASCII character, as flags and codes have. */
    private static final String[] LETTERS = letters();

    private int[] ends;
    private byte[] utf8;
    private String[] given; // null until one is given as a string

    // A cache derived from the others: threads that race create equal strings.
    private String[] made;

    /** @param rows that there is room for before it has to grow; at least 1 */
    Texts(int rows) {
        this.ends = new int[rows];
        this.utf8 = new byte[rows * USUAL_BYTES];
    }

    /** How many rows there is room for. */
    int capacity() {
        return ends.length;
    }

    /** The text of a row that has one. */
    String at(int row) {
        if (given != null && row < given.length && given[row] != null) {
            return given[row];
        }
        String[] strings = made;
        if (strings == null || row >= strings.length) {
            strings = new String[ends.length];
            made = strings;
        }
        String text = strings[row];
        if (text == null) {
            text = string(row);
            strings[row] = text;
        }
        return text;
    }

    private String string(int row) {
        int start = start(row);
        int length = ends[row] - start;
        return length == 1 && utf8[start] >= 0
                ? LETTERS[utf8[start]]
                : new String(utf8, start, length, StandardCharsets.UTF_8);
    }

    /** The same as UTF-8, and well-formed. */
    byte[] utf8At(int row) {
        if (given == null || row >= given.length || given[row] == null) {
            int start = start(row);
            if (isAscii(utf8, start, ends[row])) {
                return Arrays.copyOfRange(utf8, start, ends[row]);
            }
        }
        return at(row).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the texts of these rows are all UTF-8. Another one would be read with replacements. */
    boolean areWellFormed(int from, int to) {
        if (from >= to || isAscii(utf8, start(from), ends[to - 1])) {
            return true;
        }
        for (int row = from; row < to; row++) {
            if (!isAscii(utf8, start(row), ends[row]) && !Utf8.isWellFormed(utf8, start(row), ends[row])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(byte[] bytes, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            all |= bytes[i];
        }
        return all >= 0;
    }

    void append(int row, String text) {
        if (given == null || row >= given.length) {
            given = given == null ? new String[Math.max(ends.length, row + 1)] : Arrays.copyOf(given, row * 2);
        }
        given[row] = text;
        appendNone(row);
    }

    void appendNone(int row) {
        end(row, start(row));
    }

    void append(int row, byte[] bytes, int from, int length) {
        int start = start(row);
        reserve(row, start + length);
        System.arraycopy(bytes, from, utf8, start, length);
        end(row, start + length);
    }

    void append(int row, Texts other, int theirs) {
        if (other.given != null && theirs < other.given.length && other.given[theirs] != null) {
            append(row, other.given[theirs]);
        } else {
            int start = other.start(theirs);
            append(row, other.utf8, start, other.ends[theirs] - start);
        }
    }

    /** Forgets the rows from this one on. */
    void truncate(int row) {
        made = null;
        if (given != null && row < given.length) {
            Arrays.fill(given, row, given.length, null);
        }
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    private void end(int row, int end) {
        if (row == ends.length) {
            ends = Arrays.copyOf(ends, row * 2);
        }
        ends[row] = end;
    }

    /** Makes room for so many bytes up to the end of this row. If it grows, then by what the coming rows are likely to need. */
    private void reserve(int row, int size) {
        if (size > utf8.length) {
            long wanted = row < FEW_ROWS ? 0 : Math.min((size + size / 16L) * ends.length / (row + 1), MANY_BYTES);
            utf8 = Arrays.copyOf(utf8, Math.toIntExact(Math.max(wanted, 2L * size)));
        }
    }

    private static String[] letters() {
        String[] letters = new String[128];
        for (char letter = 0; letter < letters.length; letter++) {
            letters[letter] = String.valueOf(letter);
        }
        return letters;
    }
}
