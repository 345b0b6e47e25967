package dev.leat.view.deduplication;

import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/**
 * The ids of events as 128 bits each, whatever the fields that make them: the first half of SHA-256 over the values. Two
 * ids that differ meet with a probability of 2^-64 after 2^32 events.
 */
final class EventIds {

    /** Up to here each whole number is a double of its own. */
    private static final long LARGEST_WHOLE = 1L << 53;

    private EventIds() {}

    /** One a row; null for a delete, which has no fields, and where a field is null. */
    static UUID[] of(Rows rows, List<String> fields) {
        MessageDigest digest = sha256();
        Vector[] vectors = fields.stream().map(rows::vector).toArray(Vector[]::new);
        UUID[] ids = new UUID[rows.size()];
        for (int row = 0; row < ids.length; row++) {
            ids[row] = rows.isDelete(row) ? null : id(digest, vectors, row);
        }
        return ids;
    }

    private static UUID id(MessageDigest digest, Vector[] vectors, int row) {
        for (Vector vector : vectors) {
            if (vector.isNull(row)) {
                return null;
            }
        }
        for (Vector vector : vectors) {
            byte[] value = bytes(vector, row);
            // The length keeps ("a", "bc") and ("ab", "c") apart.
            digest.update(ByteBuffer.allocate(4).putInt(0, value.length));
            digest.update(value);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    private static byte[] bytes(Vector vector, int row) {
        return switch (vector.type().storage()) {
            case LONG -> ByteBuffer.allocate(8).putLong(vector.longAt(row)).array();
            case DOUBLE -> bytes(vector.doubleAt(row));
            case OBJECT ->
                switch (vector.objectAt(row)) {
                    case byte[] value -> value;
                    case BigDecimal value ->
                        value.stripTrailingZeros().toPlainString().getBytes(StandardCharsets.UTF_8);
                    case Object value -> value.toString().getBytes(StandardCharsets.UTF_8);
                };
        };
    }

    /** A whole number has the bytes that it had before its field was promoted from int or long. */
    private static byte[] bytes(double value) {
        long whole = (long) value;
        return whole == value && Math.abs(whole) <= LARGEST_WHOLE
                ? ByteBuffer.allocate(8).putLong(whole).array()
                : ByteBuffer.allocate(8).putDouble(value).array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
