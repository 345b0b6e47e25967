package dev.leat.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Rides as {@code COPY … (FORMAT binary)} takes them.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, "Binary Format"</a>
 */
final class CopyBytes {

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int COLUMNS = 12;
    private static final long MILLIS_1970_TO_2000 = 946_684_800_000L;

    private CopyBytes() {}

    /** Rides of these numbers, the last excluded. */
    static byte[] of(int from, int to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((to - from) * 130);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(SIGNATURE);
            out.writeInt(0);
            out.writeInt(0);
            for (int i = from; i < to; i++) {
                row(out, i);
            }
            out.writeShort(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void row(DataOutputStream out, int i) throws IOException {
        out.writeShort(COLUMNS);
        // by number, so that no key comes twice
        byte[] id = "ride-%08d".formatted(i).getBytes(StandardCharsets.US_ASCII);
        out.writeInt(id.length);
        out.write(id);
        integer(out, i);
        integer(out, 1 + i % 4);
        out.writeInt(Long.BYTES);
        out.writeLong((RideTopic.pickupAt(i) - MILLIS_1970_TO_2000) * 1000);
        integer(out, 1 + i % 5);
        number(out, i % 2_000 / 100.0);
        integer(out, 1 + i % 263);
        integer(out, 1 + i * 31 % 263);
        integer(out, 1 + i % 2);
        number(out, 3 + i % 4_000 / 100.0);
        number(out, i % 500 / 100.0);
        number(out, 3 + i % 4_000 / 100.0 + i % 500 / 100.0);
    }

    private static void integer(DataOutputStream out, int value) throws IOException {
        out.writeInt(Integer.BYTES);
        out.writeInt(value);
    }

    private static void number(DataOutputStream out, double value) throws IOException {
        out.writeInt(Double.BYTES);
        out.writeDouble(value);
    }
}
