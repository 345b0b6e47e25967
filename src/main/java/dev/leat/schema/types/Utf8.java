package dev.leat.schema.types;

/** Whether bytes are UTF-8. Makes nothing. Source: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences". */
public final class Utf8 {

    private static final int CONTINUES_FROM = 0x80;
    private static final int CONTINUES_TO = 0xBF;

    private Utf8() {}

    /** @param to the first byte after them */
    public static boolean isWellFormed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int length = bytes[at] >= 0 ? 1 : lengthOfSequence(bytes, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** How many bytes the character has that begins here; 0 when it isn't one. */
    private static int lengthOfSequence(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xFF;
        int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || length > to - at || !isSecond(first, bytes[at + 1] & 0xFF)) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if (!isWithin(bytes[at + i] & 0xFF, CONTINUES_FROM, CONTINUES_TO)) {
                return 0;
            }
        }
        return length;
    }

    /** The second byte says whether the character is written too long, is half of one, or is beyond the last. */
    private static boolean isSecond(int first, int second) {
        return switch (first) {
            case 0xE0 -> isWithin(second, 0xA0, CONTINUES_TO);
            case 0xED -> isWithin(second, CONTINUES_FROM, 0x9F);
            case 0xF0 -> isWithin(second, 0x90, CONTINUES_TO);
            case 0xF4 -> isWithin(second, CONTINUES_FROM, 0x8F);
            default -> isWithin(second, CONTINUES_FROM, CONTINUES_TO);
        };
    }

    private static boolean isWithin(int value, int from, int to) {
        return value >= from && value <= to;
    }
}
