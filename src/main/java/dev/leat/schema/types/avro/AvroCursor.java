package dev.leat.schema.types.avro;

import dev.leat.schema.types.Utf8;
import dev.leat.schema.types.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.avro.Schema;

/**
 * Reads Avro's binary encoding from a byte array.
 *
 * <p>Source: Apache Avro 1.12 specification, "Binary encoding". Not thread-safe; one a decoding thread.
 */
public final class AvroCursor {

    private static final VarHandle LONGS = view(long[].class);
    private static final VarHandle INTS = view(int[].class);

    private static final char REPLACEMENT = '\uFFFD';

    private final boolean replaces;
    private final Spending spending;
    private byte[] bytes;
    private int position;
    private int limit;
    private int blockEnd;

    public AvroCursor() {
        this(AvroLimits.DEFAULT);
    }

    public AvroCursor(AvroLimits limits) {
        this(limits, false);
    }

    private AvroCursor(AvroLimits limits, boolean replaces) {
        this.replaces = replaces;
        this.spending = new Spending(limits, Malformed::new);
    }

    /** One for people: what isn't UTF-8 in a text is read as U+FFFD. */
    public static AvroCursor replacing(AvroLimits limits) {
        return new AvroCursor(limits, true);
    }

    /** Begins a record that takes all bytes from the position on. */
    public void reset(byte[] bytes, int from) {
        reset(bytes, from, bytes.length);
    }

    /** Begins a record that is the bytes between the two positions. */
    public void reset(byte[] bytes, int from, int to) {
        resume(bytes, from, to);
        spending.begin(to - from);
    }

    /** Reads on between the two positions: what the record, or the block of records, has cost so far still counts. */
    public void resume(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.position = from;
        this.limit = to;
    }

    /** What the record has cost so far. */
    public Spending spending() {
        return spending;
    }

    public int position() {
        return position;
    }

    /** Moves to the position of a value, before or after this one. */
    public void seek(int to) {
        position = to;
    }

    /** Moves to the position of a value, and reads nothing from the end position on. */
    public void seek(int to, int end) {
        position = to;
        limit = end;
    }

    public int remaining() {
        return limit - position;
    }

    public void requireEnd() {
        if (remaining() > 0) {
            throw new Malformed(remaining() + " bytes are left over after the record");
        }
    }

    public boolean readBoolean() {
        byte value = bytes[advance(1)];
        if (value != 0 && value != 1) {
            throw new Malformed("a boolean is " + value);
        }
        return value == 1;
    }

    /** An int or long: zig-zag, seven bits a byte, the low ones first. */
    public long readLong() {
        if (position < limit && bytes[position] >= 0) {
            int small = bytes[position++];
            return (small >>> 1) ^ -(small & 1);
        }
        return remaining() >= Long.BYTES ? readLongOfWord() : readLongByByte();
    }

    private long readLongOfWord() {
        long word = (long) LONGS.get(bytes, position);
        if ((~word & Varint.MORE) == 0) {
            return readLongByByte();
        }
        position += Varint.length(word);
        return Varint.of(word);
    }

    private long readLongByByte() {
        long value = 0;
        int shift = 0;
        int at = position;
        while (at < limit && shift < 70) {
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                position = at;
                return (value >>> 1) ^ -(value & 1);
            }
            shift += 7;
        }
        throw new Malformed(at >= limit ? "the record ends within a number" : "a number has more than ten bytes");
    }

    public int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw new Malformed("an int is " + value);
        }
        return (int) value;
    }

    public float readFloat() {
        int at = advance(Float.BYTES);
        return Float.intBitsToFloat((int) INTS.get(bytes, at));
    }

    public double readDouble() {
        int at = advance(Double.BYTES);
        return Double.longBitsToDouble((long) LONGS.get(bytes, at));
    }

    /** @throws IllFormed when it isn't UTF-8, unless it is read to be shown */
    public String readString() {
        int length = readLength();
        int at = advance(length);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        if (!replaces && text.indexOf(REPLACEMENT) >= 0 && !Utf8.isWellFormed(bytes, at, at + length)) {
            throw new IllFormed();
        }
        return text;
    }

    /** Appends a text to a column of texts. */
    public void readText(Vector out) {
        int length = readLength();
        out.appendUtf8(bytes, advance(length), length);
    }

    public byte[] readBytes() {
        return readFixed(readLength());
    }

    public byte[] readFixed(int length) {
        int at = advance(length);
        byte[] copy = new byte[length];
        System.arraycopy(bytes, at, copy, 0, length);
        return copy;
    }

    public void skip(int length) {
        advance(length);
    }

    /** The length of a string or of bytes. */
    public int readLength() {
        long length = readLong();
        if (length < 0 || length > remaining()) {
            throw new Malformed("a length is " + length + " where " + remaining() + " bytes are left");
        }
        return (int) length;
    }

    /**
     * How many items the next block of an array or a map has; 0 after the last one. They count as values of the record.
     *
     * @throws Malformed when there are more than the record's bytes allow
     */
    public long readItems() {
        long count = readLong();
        blockEnd = -1;
        if (count < 0) {
            if (count == Long.MIN_VALUE) {
                throw new Malformed("a block claims " + count + " items");
            }
            count = -count;
            int length = readLength();
            blockEnd = position + length;
        }
        if (count > 0) {
            spending.values(count);
        }
        return count;
    }

    /** Where the block whose items were counted last ends; -1 when it doesn't say. */
    public int blockEnd() {
        return blockEnd;
    }

    /** @param end as {@link #blockEnd} said it */
    public void requireBlockEnd(int end) {
        if (end >= 0 && end != position) {
            throw new Malformed("a block of items ends " + Math.abs(position - end) + " bytes "
                    + (position < end ? "before" : "after") + " where it says");
        }
    }

    /** The branch of a union whose number comes next. */
    public Schema readBranch(Schema union) {
        int index = readInt();
        if (index < 0 || index >= union.getTypes().size()) {
            throw new Malformed("a union of " + union.getTypes().size() + " has branch " + index);
        }
        return union.getTypes().get(index);
    }

    /** A symbol of an enum. */
    public String readSymbol(Schema schema) {
        int index = readInt();
        if (index < 0 || index >= schema.getEnumSymbols().size()) {
            throw new Malformed("an enum of " + schema.getEnumSymbols().size() + " symbols has number " + index);
        }
        return schema.getEnumSymbols().get(index);
    }

    /** Bytes, of a length of their own or of the schema's. */
    public byte[] readBytes(Schema schema) {
        return schema.getType() == Schema.Type.FIXED ? readFixed(schema.getFixedSize()) : readBytes();
    }

    /** A UUID of 16 bytes, or of text. */
    public UUID readUuid(Schema schema) {
        if (schema.getType() == Schema.Type.FIXED) {
            ByteBuffer bits = ByteBuffer.wrap(readFixed(schema.getFixedSize()));
            return new UUID(bits.getLong(), bits.getLong());
        }
        int length = readLength();
        int at = advance(length);
        UUID uuid = length == UuidText.LENGTH ? UuidText.parse(bytes, at) : null;
        if (uuid == null) {
            throw new Malformed("a uuid isn't one");
        }
        return uuid;
    }

    private int advance(int length) {
        int at = position;
        if (length > limit - at) {
            throw new Malformed("the record ends " + (length - (limit - at)) + " bytes early");
        }
        position = at + length;
        return at;
    }

    private static VarHandle view(Class<?> numbers) {
        return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes are not what the schema says. Has no stack trace: the record is wrong, not our code. */
    public static sealed class Malformed extends RuntimeException permits IllFormed {
        public Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** A text isn't UTF-8. Read with replacements it would be another one, and the same as others. */
    public static final class IllFormed extends Malformed {
        private IllFormed() {
            super("a text isn't UTF-8, and different ones would become one");
        }

        /** The same, of a column. */
        public Malformed of(String column) {
            return new Malformed(
                    "field " + column + " has a text that isn't UTF-8, and different ones would become one");
        }
    }
}
