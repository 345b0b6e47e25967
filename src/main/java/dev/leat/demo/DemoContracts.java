package dev.leat.demo;

import io.apicurio.registry.resolver.client.RegistryClientFacade;
import io.apicurio.registry.resolver.config.SchemaResolverConfig;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.config.IdOption;
import io.apicurio.registry.serde.config.SerdeConfig;
import io.apicurio.registry.serde.kafka.config.KafkaSerdeConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Registers the contracts in {@code avro/} as {@code <topic>-key} and {@code <topic>-value}, and gives serializers that
 * are bound to the version so registered. They write a zero byte and the contract's 4-byte content id before the record,
 * as Confluent's do, and never register anything: with auto-register the registry is asked far more often, and with
 * find-latest a newer contract that somebody else registers would be written with records that lack its fields.
 *
 * <p>A serializer asks the registry once, and again every half minute; if that fails it goes on with what it knows.
 */
@RegisterForReflection(
        classNames = "io.apicurio.registry.resolver.strategy.DynamicArtifactReferenceResolverStrategy",
        ignoreNested = false)
final class DemoContracts {

    private static final String GROUP = "default";

    private final RegistryClientFacade registry;

    DemoContracts(RegistryClientFacade registry) {
        this.registry = registry;
    }

    /** Blocks. @param record simple name of the contract's record type */
    <T extends SpecificRecord> Serializer<T> keySerializer(String topic, String record) {
        return serializer(topic + "-key", record, true);
    }

    /** Blocks. @param record simple name of the contract's record type */
    <T extends SpecificRecord> Serializer<T> valueSerializer(String topic, String record) {
        return serializer(topic + "-value", record, false);
    }

    private <T extends SpecificRecord> Serializer<T> serializer(String artifact, String record, boolean isKey) {
        String version = registry.createSchema(
                        "AVRO", GROUP, artifact, null, "FIND_OR_CREATE_VERSION", false, contract(record), Set.of())
                .getVersion();
        Serializer<T> serializer = new AvroKafkaSerializer<>(registry);
        serializer.configure(
                Map.of(
                        SchemaResolverConfig.EXPLICIT_ARTIFACT_GROUP_ID,
                        GROUP,
                        SchemaResolverConfig.EXPLICIT_ARTIFACT_ID,
                        artifact,
                        SchemaResolverConfig.EXPLICIT_ARTIFACT_VERSION,
                        version,
                        SchemaResolverConfig.FAULT_TOLERANT_REFRESH,
                        true,
                        SerdeConfig.USE_ID,
                        IdOption.contentId.name(),
                        KafkaSerdeConfig.ENABLE_HEADERS,
                        false),
                isKey);
        return serializer;
    }

    private static String contract(String record) {
        try (InputStream in = DemoContracts.class.getResourceAsStream("/avro/" + record + ".avsc")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
