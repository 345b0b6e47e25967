package dev.leat.schema.topic;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Changes to bytes as hostile or broken producers make them. */
final class Mutations {

    private static final long[] EXTREMES = {
        0,
        -1,
        1,
        2,
        -2,
        127,
        128,
        1_000_000,
        -1_000_000,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    /**
     * @param from where changes begin
     * @param other bytes that pieces are taken of
     */
    byte[] of(byte[] valid, int from, byte[] other) {
        byte[] bytes = valid;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            bytes = once(bytes, Math.min(from, bytes.length), other);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes, int from, byte[] other) {
        int at = from + random.nextInt(bytes.length - from + 1);
        int to = at + random.nextInt(bytes.length - at + 1);
        return switch (random.nextInt(9)) {
            case 0 -> flipped(bytes, from);
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> spliced(bytes, at, to, new byte[0]);
            case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
            case 4 -> {
                int begin = random.nextInt(other.length + 1);
                yield spliced(
                        bytes,
                        at,
                        to,
                        Arrays.copyOfRange(other, begin, begin + random.nextInt(other.length - begin + 1)));
            }
            case 5 ->
                spliced(bytes, at, Math.min(bytes.length, at + 1), varint(EXTREMES[random.nextInt(EXTREMES.length)]));
            case 6 -> spliced(bytes, at, to, repeated());
            case 7 -> spliced(bytes, at, at, sizedBlock());
            default -> spliced(bytes, at, Math.min(bytes.length, at + 1), new byte[] {(byte) random.nextInt(256)});
        };
    }

    private byte[] flipped(byte[] bytes, int from) {
        byte[] flipped = bytes.clone();
        if (from < bytes.length) {
            flipped[from + random.nextInt(bytes.length - from)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    /** As deep recursions look, or many empty items. */
    private byte[] repeated() {
        byte[] bytes = new byte[random.nextInt(20) == 0 ? 30_000 : random.nextInt(1500)];
        Arrays.fill(bytes, (byte) random.nextInt(7));
        return bytes;
    }

    private byte[] sizedBlock() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(varint(-random.nextInt(20)));
        out.writeBytes(varint(random.nextInt(4) == 0 ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(20)));
        return out.toByteArray();
    }

    static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
        return ByteBuffer.allocate(from + piece.length + bytes.length - to)
                .put(bytes, 0, from)
                .put(piece)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value << 1 ^ value >> 63;
        while ((rest & ~0x7f) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }
}
