package dev.leat.schema;

import java.util.Optional;

/**
 * The framing that Confluent's and Apicurio's serializers share: a zero byte, the schema's id as four bytes, the most
 * significant first, then Avro's binary encoding.
 *
 * <p>Source: Confluent Schema Registry, "Wire format"; Apicurio's serdes use content ids in the same place.
 */
public final class WireFormat {

    static final int HEADER_BYTES = 5;
    private static final byte MAGIC = 0;

    private WireFormat() {}

    static boolean isFramed(byte[] bytes) {
        return bytes != null && bytes.length >= HEADER_BYTES && bytes[0] == MAGIC;
    }

    /** The id that a framed value names; empty when it isn't framed, or is null. */
    public static Optional<Long> schemaIdIn(byte[] bytes) {
        return isFramed(bytes) ? Optional.of(Integer.toUnsignedLong(schemaId(bytes))) : Optional.empty();
    }

    static String whyNotFramed(byte[] bytes) {
        return bytes.length < HEADER_BYTES
                ? "the value has " + bytes.length + " bytes, too few for a schema id"
                : "the value begins with byte " + bytes[0] + ", not with 0 and a schema id";
    }

    static int schemaId(byte[] bytes) {
        return (bytes[1] & 0xff) << 24 | (bytes[2] & 0xff) << 16 | (bytes[3] & 0xff) << 8 | bytes[4] & 0xff;
    }
}
