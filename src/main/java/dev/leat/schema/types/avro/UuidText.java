package dev.leat.schema.types.avro;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * UUIDs as text, in no other form than that of RFC 9562: 8-4-4-4-12 hexadecimal digits, of either case. {@link
 * UUID#fromString} also takes shorter and longer groups and digits of other scripts, and makes another UUID of them.
 */
public final class UuidText {

    /** Characters, and bytes. */
    public static final int LENGTH = 36;

    private static final byte[] DIGITS = digits();

    private UuidText() {}

    /** Null when the bytes from the position on aren't one; {@link #LENGTH} of them must be there. */
    public static UUID parse(byte[] ascii, int from) {
        if (ascii[from + 8] != '-' || ascii[from + 13] != '-' || ascii[from + 18] != '-' || ascii[from + 23] != '-') {
            return null;
        }
        long high = hex(hex(hex(0, ascii, from, 8), ascii, from + 9, 4), ascii, from + 14, 4);
        long low = hex(hex(0, ascii, from + 19, 4), ascii, from + 24, 12);
        int worst = 0;
        for (int i = from; i < from + LENGTH; i++) {
            worst |= ascii[i] < 0 ? -1 : DIGITS[ascii[i]];
        }
        return worst < 0 || dashes(ascii, from) != 4 ? null : new UUID(high, low);
    }

    /** @throws IllegalArgumentException when it isn't one */
    public static UUID parse(String text) {
        byte[] ascii = text.length() == LENGTH ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
        UUID uuid = ascii.length == LENGTH ? parse(ascii, 0) : null;
        if (uuid == null) {
            throw new IllegalArgumentException(
                    "not a uuid: " + (text.length() > LENGTH ? text.length() + " characters" : text));
        }
        return uuid;
    }

    private static long hex(long before, byte[] ascii, int from, int digits) {
        long value = before;
        for (int i = from; i < from + digits; i++) {
            value = value << 4 | DIGITS[ascii[i] & 0x7f] & 0xf;
        }
        return value;
    }

    private static int dashes(byte[] ascii, int from) {
        int dashes = 0;
        for (int i = from; i < from + LENGTH; i++) {
            dashes += ascii[i] == '-' ? 1 : 0;
        }
        return dashes;
    }

    /** The values of characters; -1 for those that a UUID can't have. A dash counts as 0. */
    private static byte[] digits() {
        byte[] digits = new byte[128];
        for (char c = 0; c < digits.length; c++) {
            digits[c] = (byte) (c == '-' ? 0 : Character.digit(c, 16));
        }
        return digits;
    }
}
