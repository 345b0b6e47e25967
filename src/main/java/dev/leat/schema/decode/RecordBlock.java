package dev.leat.schema.decode;

import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.PlainRead;
import dev.leat.schema.types.avro.Varint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Consecutive records of one schema, which are read field by field: one field of all of them, then the next. So each
 * loop does one thing, and reading a record waits for nothing in the others. Not thread-safe; one a decoding thread.
 *
 * <p>The end of a record is checked after its last field, and at texts. A read past the end hits the next record, or spare
 * room after the last one, and the whole block is then refused. Which record is wrong, and why, is found by reading them one
 * by one.
 */
public final class RecordBlock {

    /** Few enough that their bytes stay close to the processor from one field to the next. */
    static final int RECORDS = 128;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The most bytes of a field without a length of its own: a branch's number, and a number of ten bytes. */
    private static final int WIDEST = 11;

    /** Bytes that one read may touch. */
    private static final int READ = Long.BYTES;

    private static final int NULL = 0;
    private static final int PRESENT = 2; // the branches 0 and 1, in zig-zag

    private byte[] bytes = new byte[1 << 15];
    private final int[] positions = new int[RECORDS];
    private final int[] ends = new int[RECORDS];
    private int size;

    public void clear() {
        size = 0;
    }

    public boolean isFull() {
        return size == RECORDS;
    }

    /** How many records there are. */
    public int size() {
        return size;
    }

    /** Takes the record that begins and ends here in these bytes. */
    public void add(byte[] records, int from, int to) {
        int start = size == 0 ? 0 : ends[size - 1];
        int length = to - from;
        if (start + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(start + length, bytes.length * 2));
        }
        System.arraycopy(records, from, bytes, start, length);
        positions[size] = start;
        ends[size++] = start + length;
    }

    /** Must be called before fields are read. What the records may cost, they may cost together: few cost anything. */
    void begin(AvroCursor in, int fields) {
        in.reset(bytes, positions[0], ends[size - 1]);
        int wanted = ends[size - 1] + fields * WIDEST + READ;
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, wanted);
        }
    }

    /** Reads the next field of each record. */
    void read(ReadStep field, AvroCursor in, Vector[] out) {
        for (int i = 0; i < size; i++) {
            in.resume(bytes, positions[i], ends[i]);
            field.read(in, out);
            positions[i] = in.position();
        }
    }

    /** The same where it is a plain value. */
    void read(PlainRead field, AvroCursor in, Vector out) {
        switch (field) {
            case DOUBLE -> throw new IllegalArgumentException("doubles are read by runs");
            case INT -> readWholes(in, out, Integer.MIN_VALUE, Integer.MAX_VALUE, 1);
            case LONG -> readWholes(in, out, Long.MIN_VALUE, Long.MAX_VALUE, 1);
            case MILLIS -> readWholes(in, out, Long.MIN_VALUE / 1000, Long.MAX_VALUE / 1000, 1000);
            case STRING -> readTexts(in, out);
            default -> {
                for (int i = 0; i < size; i++) {
                    in.resume(bytes, positions[i], ends[i]);
                    field.read(in, out);
                    positions[i] = in.position();
                }
            }
        }
    }

    /** Reads consecutive doubles of each record: the fields between the two indexes. */
    void readDoubles(Vector[] out, int[] columns, int from, int to) {
        for (int field = from; field < to; field++) {
            Vector vector = out[columns[field]];
            int row = vector.size();
            long[] values = vector.roomFor(size);
            int behind = (field - from) * Double.BYTES;
            for (int i = 0; i < size; i++) {
                values[row + i] = (long) LONGS.get(bytes, positions[i] + behind);
            }
            vector.grow(size);
        }
        int all = (to - from) * Double.BYTES;
        for (int i = 0; i < size; i++) {
            positions[i] += all;
        }
    }

    private void readWholes(AvroCursor in, Vector out, long least, long greatest, long factor) {
        int row = out.size();
        long[] values = out.roomFor(size);
        boolean areFit = true;
        for (int i = 0; i < size; i++) {
            int at = positions[i];
            long word = (long) LONGS.get(bytes, at);
            long value;
            if ((~word & Varint.MORE) != 0) {
                value = Varint.of(word);
                positions[i] = at + Varint.length(word);
            } else {
                in.resume(bytes, at, ends[i]);
                value = in.readLong();
                positions[i] = in.position();
            }
            areFit &= value >= least & value <= greatest;
            values[row + i] = value * factor;
        }
        require(areFit);
        out.grow(size);
    }

    private void readTexts(AvroCursor in, Vector out) {
        for (int i = 0; i < size; i++) {
            positions[i] = readText(in, out, positions[i], ends[i]);
        }
    }

    /** Nearly all texts are short enough that their length has one byte. */
    private int readText(AvroCursor in, Vector out, int at, int end) {
        int length = bytes[at];
        if (length >= 0 && (length & 1) == 0 && length >> 1 < end - at) {
            out.appendUtf8(bytes, at + 1, length >> 1);
            return at + 1 + (length >> 1);
        }
        in.resume(bytes, at, end);
        in.readText(out);
        return in.position();
    }

    /** The same where it is a plain value or none. */
    void readOptional(PlainRead field, int nullBranch, AvroCursor in, Vector out) {
        int nothing = nullBranch == 0 ? NULL : PRESENT;
        switch (field) {
            case DOUBLE -> readOptionalDoubles(nothing, out);
            case INT -> readOptionalWholes(nothing, in, out, Integer.MIN_VALUE, Integer.MAX_VALUE, 1);
            case LONG -> readOptionalWholes(nothing, in, out, Long.MIN_VALUE, Long.MAX_VALUE, 1);
            case MILLIS -> readOptionalWholes(nothing, in, out, Long.MIN_VALUE / 1000, Long.MAX_VALUE / 1000, 1000);
            default -> readOptionalOthers(field, nothing, in, out);
        }
    }

    /** Without a guess at whether there is a value: what would be read of none is masked out. */
    private void readOptionalDoubles(int nothing, Vector out) {
        int row = out.size();
        long[] values = out.roomFor(size);
        int branches = 0;
        long nulls = 0;
        for (int i = 0; i < size; i++, row++) {
            int at = positions[i];
            int branch = bytes[at];
            branches |= branch;
            long isPresent = -((branch ^ nothing) >> 1);
            values[row] = (long) LONGS.get(bytes, at + 1) & isPresent;
            positions[i] = at + 1 + (Double.BYTES & (int) isPresent);
            nulls |= ~isPresent & 1L << row;
            if ((row & 63) == 63) {
                nulls = marked(nulls, row, out);
            }
        }
        require((branches & ~PRESENT) == 0);
        marked(nulls, row - 1, out);
        out.grow(size);
    }

    private void readOptionalWholes(int nothing, AvroCursor in, Vector out, long least, long greatest, long factor) {
        int row = out.size();
        long[] values = out.roomFor(size);
        int branches = 0;
        boolean areFit = true;
        long nulls = 0;
        for (int i = 0; i < size; i++, row++) {
            int at = positions[i];
            int branch = bytes[at];
            branches |= branch;
            long isPresent = -((branch ^ nothing) >> 1);
            long word = (long) LONGS.get(bytes, at + 1) & isPresent;
            long value;
            if ((~word & Varint.MORE) != 0) {
                value = Varint.of(word);
                positions[i] = at + 1 + (Varint.length(word) & (int) isPresent);
            } else {
                in.resume(bytes, at + 1, ends[i]);
                value = in.readLong();
                positions[i] = in.position();
            }
            areFit &= value >= least & value <= greatest;
            values[row] = value * factor;
            nulls |= ~isPresent & 1L << row;
            if ((row & 63) == 63) {
                nulls = marked(nulls, row, out);
            }
        }
        require(areFit & (branches & ~PRESENT) == 0);
        marked(nulls, row - 1, out);
        out.grow(size);
    }

    private void readOptionalOthers(PlainRead field, int nothing, AvroCursor in, Vector out) {
        for (int i = 0; i < size; i++) {
            int at = positions[i];
            int branch = bytes[at++];
            require((branch & ~PRESENT) == 0);
            if (branch == nothing) {
                out.appendNull();
                positions[i] = at;
            } else if (field == PlainRead.STRING) {
                positions[i] = readText(in, out, at, ends[i]);
            } else {
                in.resume(bytes, at, ends[i]);
                field.read(in, out);
                positions[i] = in.position();
            }
        }
    }

    /** Those of the rows up to this one that have no value; and then there are none. */
    private static long marked(long nulls, int row, Vector out) {
        if (nulls != 0) {
            out.markNulls(row >> 6, nulls);
        }
        return 0;
    }

    /** Must be called once all fields were read. */
    void requireEnds() {
        int differences = 0;
        for (int i = 0; i < size; i++) {
            differences |= positions[i] ^ ends[i];
        }
        require(differences == 0);
    }

    private static void require(boolean isSo) {
        if (!isSo) {
            throw new AvroCursor.Malformed("a record of the block isn't what its schema says");
        }
    }
}
