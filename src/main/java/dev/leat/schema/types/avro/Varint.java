package dev.leat.schema.types.avro;

/**
 * Numbers of up to eight bytes, zig-zag, seven bits a byte with the low ones first, all of them at once: numbers whose
 * length can't be guessed take the same way, whatever it is.
 *
 * <p>Source: Apache Avro 1.12 specification, "Binary encoding".
 */
public final class Varint {

    /** The high bits of eight bytes, of which the first that isn't set is in a number's last byte. */
    public static final long MORE = 0x8080808080808080L;

    private static final long DIGITS = 0x7f7f7f7f7f7f7f7fL;

    private Varint() {}

    /**
     * The number that begins at the lowest of these bytes, and ends in one of them: its bytes are drawn together by two, by
     * four and by eight.
     */
    public static long of(long word) {
        long ends = ~word & MORE;
        long value = word & (ends ^ (ends - 1)) & DIGITS;
        value = (value & 0x007f007f007f007fL) | (value & 0x7f007f007f007f00L) >>> 1;
        value = (value & 0x00003fff00003fffL) | (value & 0x3fff00003fff0000L) >>> 2;
        value = (value & 0x000000000fffffffL) | (value & 0x0fffffff00000000L) >>> 4;
        return (value >>> 1) ^ -(value & 1);
    }

    /** How many bytes it has. */
    public static int length(long word) {
        return (Long.numberOfTrailingZeros(~word & MORE) >>> 3) + 1;
    }
}
