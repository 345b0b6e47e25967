package dev.leat.schema;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The contracts of all streams: registers those that the pipeline brings, learns the others from the registry, and
 * gives each lane its decoder. Blocks on the registry; never call it on an event loop.
 */
@ApplicationScoped
public class Contracts {

    private final CachingSchemaRegistry registry;
    private final Map<String, StreamSource> sources = new LinkedHashMap<>();
    private final Pipeline pipeline;

    Contracts(Pipeline pipeline, RegistryConfig config, Vertx vertx) {
        this.pipeline = pipeline;
        this.registry = new CachingSchemaRegistry(new ApicurioSchemaRegistry(config, vertx), config, Clock.systemUTC());
        pipeline.streams().forEach((name, stream) -> sources.put(name, new StreamSource(stream)));
    }

    /**
     * Registers the contracts that the pipeline brings under their subjects and learns what the registry already
     * has of the others. A stream without a contract yet learns it from its first event.
     *
     * @throws RegistryOutage when the registry doesn't answer; the call may be made again
     * @throws ContractException when a contract isn't fit for its stream or the registry refuses it
     */
    public void settle() {
        for (StreamSource source : sources.values()) {
            Stream stream = source.stream();
            stream.keyContract()
                    .ifPresent(path ->
                            registry.register(stream.topic() + "-key", text(stream, path), stream.compatibility()));
            if (stream.contract().isPresent()) {
                // The text as it stands: parsed and printed again it would be another version of the same contract.
                String avsc = text(stream, stream.contract().get());
                source.learnSubject(parse(stream, stream.contract().get(), avsc));
                if (source.shape().isEmpty()) {
                    throw new ContractException("streams." + stream.name() + ".contract: "
                            + stream.contract().get() + " has no record type "
                            + source.type().orElse(""));
                }
                registry.register(subject(source), avsc, stream.compatibility());
            } else {
                registry.latest(subject(source)).ifPresent(source::learnSubject);
            }
        }
    }

    /** The parser sees to it that the type is known where it is needed. */
    private static String subject(StreamSource source) {
        Stream stream = source.stream();
        return switch (stream.subject()) {
            case TOPIC -> stream.topic() + "-value";
            case RECORD -> source.type().orElseThrow();
            case TOPIC_RECORD -> stream.topic() + "-" + source.type().orElseThrow();
        };
    }

    /** The columns of a stream as far as they are known; empty before its contract is. */
    public Optional<Shape> shape(Stream stream) {
        return sources.get(stream.name()).shape();
    }

    /** A decoder for one lane of this topic. */
    public TopicDecoder decoder(String topic) {
        return new TopicDecoder(
                registry,
                format(topic),
                pipeline.streamsOf(topic).stream()
                        .map(s -> sources.get(s.name()))
                        .toList());
    }

    /**
     * Looks at the bytes of a record's value, which mustn't be null, with the writer's schema alone. Blocks.
     *
     * @throws RegistryOutage when the registry doesn't answer
     */
    public Inspection inspectValue(ConsumerRecord<byte[], byte[]> record) {
        WireFormat format = format(record.topic());
        WireFormat.Named named = format.value(record);
        return named == null
                ? new Inspection(null, null, format.whyValueNamesNone(record))
                : inspect(record.value(), named);
    }

    /** The same for its key. */
    public Inspection inspectKey(ConsumerRecord<byte[], byte[]> record) {
        WireFormat format = format(record.topic());
        WireFormat.Named named = format.key(record);
        return named == null
                ? new Inspection(null, null, format.whyKeyNamesNone(record))
                : inspect(record.key(), named);
    }

    /** A topic that has left the pipeline is looked at as if it said nothing of its ids. */
    private WireFormat format(String topic) {
        return new WireFormat(
                pipeline.streamsOf(topic).stream().map(Stream::ids).findFirst().orElse(Stream.Ids.DEFAULT));
    }

    private Inspection inspect(byte[] bytes, WireFormat.Named named) {
        Schema schema = registry.schema(named.id()).orElse(null);
        if (schema == null) {
            return new Inspection(null, null, "the registry has no schema with " + named.id());
        }
        Cursor cursor = new Cursor();
        cursor.reset(bytes, named.start());
        try {
            return new Inspection(schema.getFullName(), JsonValue.read(cursor, schema), null);
        } catch (Cursor.Malformed e) {
            return new Inspection(schema.getFullName(), null, "not a " + schema.getFullName() + ": " + e.getMessage());
        }
    }

    /** Asks the registry anew for ids that it didn't know. */
    public void forgetUnknown() {
        registry.forgetUnknown();
    }

    private static String text(Stream stream, String path) {
        try (InputStream in = open(path)) {
            if (in == null) {
                throw new ContractException("streams." + stream.name() + ".contract: there is neither a file nor a"
                        + " resource `" + path + "`");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ContractException(
                    "streams." + stream.name() + ".contract: " + path + " can't be read: " + e.getMessage());
        }
    }

    private static Schema parse(Stream stream, String path, String avsc) {
        try {
            return new Schema.Parser().parse(avsc);
        } catch (SchemaParseException e) {
            throw new ContractException(
                    "streams." + stream.name() + ".contract: " + path + " is no Avro schema: " + e.getMessage());
        }
    }

    private static InputStream open(String path) throws IOException {
        Path file = Path.of(path);
        return Files.isRegularFile(file)
                ? Files.newInputStream(file)
                : Thread.currentThread().getContextClassLoader().getResourceAsStream(path);
    }
}
