package dev.leat.schema;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Where the records of one topic say which schema they were written with: in front of the Avro bytes, behind a zero byte,
 * as 4 or 8 bytes with the most significant first; or in a header, and then there is nothing in front.
 *
 * <p>Source: Confluent Schema Registry, "Wire format"; Apicurio Registry 3, {@code Default4ByteIdHandler}, {@code
 * Legacy8ByteIdHandler} and {@code KafkaSerdeHeaders}. Not thread-safe; one a decoding thread.
 */
public final class WireFormat {

    private static final byte MAGIC = 0;

    private final Ids ids;
    private final Part value = new Part("value");
    private final Part key = new Part("key");

    WireFormat(Ids ids) {
        this.ids = ids;
    }

    /**
     * The schema that bytes name.
     *
     * @param start where the Avro bytes begin
     */
    record Named(SchemaId id, int start) {}

    /** What the headers of a key or a value are called, and what its last one named. */
    private static final class Part {
        final String name;
        final String prefix;
        final String contentId;
        final String globalId;
        final String encoding;
        final String confluent;

        // Runs of records name the same schema; the same object then spares its users a look-up.
        Named last;

        Part(String name) {
            this.name = name;
            this.prefix = "apicurio." + name + ".";
            this.contentId = prefix + "contentId";
            this.globalId = prefix + "globalId";
            this.encoding = prefix + "encoding";
            this.confluent = "__" + name + "_schema_id";
        }

        Named named(Ids.Kind kind, long id, int start) {
            if (last == null
                    || last.id().value() != id
                    || last.start() != start
                    || last.id().kind() != kind) {
                last = new Named(new SchemaId(kind, id), start);
            }
            return last;
        }
    }

    /** The schema of the record's value, which mustn't be null; null when it names none. */
    Named value(ConsumerRecord<byte[], byte[]> record) {
        return named(value, record.headers(), record.value());
    }

    /** The schema of the record's key, which mustn't be null; null when it names none. */
    Named key(ConsumerRecord<byte[], byte[]> record) {
        return named(key, record.headers(), record.key());
    }

    String whyValueNamesNone(ConsumerRecord<byte[], byte[]> record) {
        return why(value, record.headers(), record.value());
    }

    String whyKeyNamesNone(ConsumerRecord<byte[], byte[]> record) {
        return why(key, record.headers(), record.key());
    }

    /** The id that the value of a stream's record names; empty when it names none, or is null. */
    public static Optional<Long> schemaIdIn(Stream stream, ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null
                ? Optional.empty()
                : Optional.ofNullable(new WireFormat(stream.ids()).value(record))
                        .map(named -> named.id().value());
    }

    /** A number as the topic's ids are. */
    SchemaId id(long value) {
        return new SchemaId(ids.kind(), value);
    }

    private Named named(Part part, Headers headers, byte[] bytes) {
        Header said = null;
        for (Header header : headers.toArray()) {
            String name = header.key();
            if (name.startsWith(part.prefix)) {
                if (isId(part, header)) {
                    said = header;
                } else if (name.equals(part.encoding) && isJson(header)) {
                    return null;
                }
            } else if (name.equals(part.confluent)) {
                return null;
            }
        }
        if (said != null) {
            Ids.Kind kind = said.key().equals(part.contentId) ? Ids.Kind.CONTENT : Ids.Kind.GLOBAL;
            return part.named(kind, ByteBuffer.wrap(said.value()).getLong(), 0);
        }
        if (bytes.length <= ids.bytes() || bytes[0] != MAGIC) {
            return null;
        }
        return part.named(ids.kind(), ids.bytes() == Long.BYTES ? longId(bytes) : intId(bytes), 1 + ids.bytes());
    }

    private static boolean isId(Part part, Header header) {
        return (header.key().equals(part.contentId) || header.key().equals(part.globalId))
                && header.value() != null
                && header.value().length == Long.BYTES;
    }

    private static boolean isJson(Header header) {
        return header.value() != null && new String(header.value(), StandardCharsets.UTF_8).equals("JSON");
    }

    private String why(Part part, Headers headers, byte[] bytes) {
        if (headers.lastHeader(part.confluent) != null) {
            return "header " + part.confluent + " names the schema by a GUID, which can't be looked up here; let the"
                    + " producer put the id in front of the " + part.name;
        }
        Header encoding = headers.lastHeader(part.encoding);
        if (encoding != null && isJson(encoding)) {
            return "the " + part.name + " is encoded as JSON, as header " + part.encoding
                    + " says, and only Avro's binary encoding is read";
        }
        return bytes.length <= ids.bytes()
                ? "the " + part.name + " has " + bytes.length + " bytes, too few for a schema id"
                : "the " + part.name + " begins with byte " + bytes[0] + ", not with 0 and a schema id";
    }

    private static long intId(byte[] bytes) {
        return Integer.toUnsignedLong(
                (bytes[1] & 0xff) << 24 | (bytes[2] & 0xff) << 16 | (bytes[3] & 0xff) << 8 | bytes[4] & 0xff);
    }

    private static long longId(byte[] bytes) {
        return ByteBuffer.wrap(bytes, 1, Long.BYTES).getLong();
    }
}
