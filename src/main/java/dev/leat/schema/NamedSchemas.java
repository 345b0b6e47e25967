package dev.leat.schema;

import dev.leat.schema.TopicSchemas.Meaning;
import dev.leat.schema.WireFormat.Named;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which schemas the records of one topic name, in front of their bytes and within envelopes. Not thread-safe; belongs to
 * one lane's decoder.
 */
final class NamedSchemas {

    private final WireFormat format;
    private final TopicSchemas schemas;
    private final Cursor cursor = new Cursor();

    NamedSchemas(WireFormat format, TopicSchemas schemas) {
        this.format = format;
        this.schemas = schemas;
    }

    /** The schema that a record's value names; null where it names none, or there is no value. */
    Named of(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? null : format.value(record);
    }

    /** The schema that the envelope in front of the cursor names; empty when there is no row in it. */
    Optional<SchemaId> payload(Meaning.Enveloped enveloped, Cursor in) {
        OptionalLong id = enveloped.envelope().payloadSchema(in);
        return id.isPresent() ? Optional.of(format.id(id.getAsLong())) : Optional.empty();
    }

    /** Whether all that a record names is learnt. */
    boolean areLearnt(Named named, ConsumerRecord<byte[], byte[]> record) {
        return switch (schemas.of(named)) {
            case null -> false;
            case Meaning.Enveloped enveloped ->
                payload(enveloped, record, named)
                        .map(enveloped.payloads()::containsKey)
                        .orElse(true);
            default -> true;
        };
    }

    /** @throws RegistryOutage when the cache hasn't got one of them and the registry can't give it now */
    void learn(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Named named = of(record);
            if (named != null) {
                schemas.learn(named, record.timestamp());
                if (schemas.of(named) instanceof Meaning.Enveloped enveloped) {
                    payload(enveloped, record, named)
                            .ifPresent(id -> schemas.learnPayload(enveloped, id, record.timestamp()));
                }
            }
        }
    }

    /** Also empty for an envelope that can't be read: the record is refused for it when its turn comes. */
    private Optional<SchemaId> payload(
            Meaning.Enveloped enveloped, ConsumerRecord<byte[], byte[]> record, Named named) {
        cursor.reset(record.value(), named.start());
        try {
            return payload(enveloped, cursor);
        } catch (Cursor.Malformed e) {
            return Optional.empty();
        }
    }
}
