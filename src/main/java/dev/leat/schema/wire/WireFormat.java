package dev.leat.schema.wire;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Ids;
import dev.leat.schema.registry.SchemaId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Where the records of one topic name their schema: before the Avro bytes, after a zero byte, as 4 or 8 bytes, the most
 * significant first; or in a header, and then nothing precedes the bytes.
 *
 * <p>Source: Confluent Schema Registry, "Wire format"; Apicurio Registry 3, {@code Default4ByteIdHandler}, {@code
 * Legacy8ByteIdHandler} and {@code KafkaSerdeHeaders}. Not thread-safe; one a decoding thread.
 */
public final class WireFormat {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte MAGIC = 0;

    private final Ids ids;
    private final Part value = new Part("value");
    private final Part key = new Part("key");

    public WireFormat(Ids ids) {
        this.ids = ids;
    }

    /**
     * The schema that bytes name.
     *
     * @param start where the Avro bytes begin
     */
    public record Named(SchemaId id, int start) {}

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
    public Named value(Records records, int index) {
        return named(value, records, index, records.valueStart(index), records.valueEnd(index));
    }

    /** The schema of the record's key, which mustn't be null; null when it names none. */
    public Named key(Records records, int index) {
        return named(key, records, index, records.keyStart(index), records.valueStart(index));
    }

    public String whyValueNamesNone(Records records, int index) {
        return why(value, records, index, records.valueStart(index), records.valueEnd(index));
    }

    public String whyKeyNamesNone(Records records, int index) {
        return why(key, records, index, records.keyStart(index), records.valueStart(index));
    }

    /** The id that the value of a stream's record names; empty when it names none, or is null. */
    public static Optional<Long> schemaIdIn(Stream stream, ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null
                ? Optional.empty()
                : Optional.ofNullable(new WireFormat(stream.decoding().ids()).value(Records.of(List.of(record)), 0))
                        .map(named -> named.id().value());
    }

    /** A number as the topic's ids are. */
    public SchemaId id(long value) {
        return new SchemaId(ids.kind(), value);
    }

    private Named named(Part part, Records records, int index, int from, int to) {
        // One question to the run where no record has headers, rather than one to each.
        return records.haveHeaders()
                ? named(part, records.headers(index), records.array(), from, to)
                : inFront(part, records.array(), from, to);
    }

    private Named named(Part part, Header[] headers, byte[] bytes, int from, int to) {
        Header said = null;
        for (Header header : headers) {
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
            return part.named(kind, longAt(said.value(), 0), 0);
        }
        return inFront(part, bytes, from, to);
    }

    private Named inFront(Part part, byte[] bytes, int from, int to) {
        if (to - from <= ids.bytes() || bytes[from] != MAGIC) {
            return null;
        }
        long id = ids.bytes() == Long.BYTES ? longAt(bytes, from + 1) : intAt(bytes, from + 1);
        return part.named(ids.kind(), id, 1 + ids.bytes());
    }

    private static boolean isId(Part part, Header header) {
        return (header.key().equals(part.contentId) || header.key().equals(part.globalId))
                && header.value() != null
                && header.value().length == Long.BYTES;
    }

    private static boolean isJson(Header header) {
        return header.value() != null && new String(header.value(), StandardCharsets.UTF_8).equals("JSON");
    }

    private String why(Part part, Records records, int index, int from, int to) {
        Headers headers = new RecordHeaders(records.headers(index));
        if (headers.lastHeader(part.confluent) != null) {
            return "header " + part.confluent + " names the schema by a GUID, which can't be looked up here; let the"
                    + " producer put the id in front of the " + part.name;
        }
        Header encoding = headers.lastHeader(part.encoding);
        if (encoding != null && isJson(encoding)) {
            return "the " + part.name + " is encoded as JSON, as header " + part.encoding
                    + " says, and only Avro's binary encoding is read";
        }
        return to - from <= ids.bytes()
                ? "the " + part.name + " has " + (to - from) + " bytes, too few for a schema id"
                : "the " + part.name + " begins with byte " + records.array()[from] + ", not with 0 and a schema id";
    }

    private static long intAt(byte[] bytes, int at) {
        return Integer.toUnsignedLong((int) INTS.get(bytes, at));
    }

    private static long longAt(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }
}
