package dev.leat.schema.decode;

import dev.leat.pipeline.Stream.KeyFormat;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.avro.UuidText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Kafka keys that are one value without Avro.
 *
 * <p>Source: the layouts of Kafka's {@code StringSerializer}, {@code LongSerializer}, {@code IntegerSerializer} and
 * {@code UUIDSerializer} (a UUID's text), and the 16 bytes of a UUID, the most significant first.
 */
public final class PlainKeys {

    private static final int UUID_BYTES = 16;

    private PlainKeys() {}

    /** Whether a column of this type can hold such a key. */
    public static boolean fit(KeyFormat format, ColumnType column) {
        return switch (format) {
            case AVRO -> true;
            case STRING -> column.kind() == Kind.STRING;
            case LONG -> column.kind() == Kind.LONG;
            case INT -> column.kind() == Kind.INT || column.kind() == Kind.LONG;
            case UUID -> column.kind() == Kind.UUID || column.kind() == Kind.STRING;
            case BYTES -> column.kind() == Kind.BYTES;
        };
    }

    /**
     * Appends the key.
     *
     * @param to of a type that fits
     * @throws ContractException when the bytes aren't of this format
     */
    static void append(KeyFormat format, byte[] key, Vector to) {
        switch (format) {
            case AVRO -> throw new IllegalArgumentException("Avro is read with a schema");
            case STRING -> to.append((Object) utf8(key));
            case LONG -> to.append(sized(key, Long.BYTES, "a long").getLong());
            case INT -> to.append((long) sized(key, Integer.BYTES, "an int").getInt());
            case UUID -> {
                UUID uuid = uuid(key);
                to.append(to.type().kind() == Kind.STRING ? (Object) uuid.toString() : uuid);
            }
            case BYTES -> to.append((Object) key);
        }
    }

    private static ByteBuffer sized(byte[] key, int bytes, String what) {
        if (key.length != bytes) {
            throw new ContractException(what + " has " + bytes + " bytes, and it has " + key.length);
        }
        return ByteBuffer.wrap(key);
    }

    private static UUID uuid(byte[] key) {
        if (key.length == UUID_BYTES) {
            ByteBuffer bits = ByteBuffer.wrap(key);
            return new UUID(bits.getLong(), bits.getLong());
        }
        try {
            return UuidText.parse(utf8(key));
        } catch (IllegalArgumentException | ContractException e) {
            throw new ContractException("it is neither the text of a uuid nor its " + UUID_BYTES + " bytes");
        }
    }

    /** Replacing what isn't UTF-8 would make one key of different ones. */
    private static String utf8(byte[] key) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ContractException("its text isn't UTF-8, and different keys would become one");
        }
    }
}
