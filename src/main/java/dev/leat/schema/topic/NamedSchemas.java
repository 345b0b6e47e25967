package dev.leat.schema.topic;

import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.registry.SchemaId;
import dev.leat.schema.topic.TopicSchemas.Meaning;
import dev.leat.schema.types.avro.AvroCursor;
import dev.leat.schema.types.avro.AvroLimits;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import dev.leat.schema.wire.WireFormat.Named;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which schemas the records of one topic name, before their bytes and within envelopes. Not thread-safe; belongs to
 * one lane's decoder.
 */
final class NamedSchemas {

    private final WireFormat format;
    private final TopicSchemas schemas;
    private final AvroCursor cursor;

    NamedSchemas(WireFormat format, TopicSchemas schemas, AvroLimits limits) {
        this.cursor = new AvroCursor(limits);
        this.format = format;
        this.schemas = schemas;
    }

    /** The schema that a record's value names; null where it names none, or there is no value. */
    Named of(Records records, int index) {
        return records.hasValue(index) ? format.value(records, index) : null;
    }

    /** The schema that the envelope at the cursor names; empty when it has no row. */
    Optional<SchemaId> payload(Meaning.Enveloped enveloped, AvroCursor in) {
        OptionalLong id = enveloped.envelope().payloadSchema(in);
        return id.isPresent() ? Optional.of(format.id(id.getAsLong())) : Optional.empty();
    }

    /** Whether all that a record names is learnt. */
    boolean areLearnt(Named named, Records records, int index) {
        return switch (schemas.of(named)) {
            case null -> false;
            case Meaning.Enveloped enveloped ->
                payload(enveloped, records, index, named)
                        .map(enveloped.payloads()::containsKey)
                        .orElse(true);
            default -> true;
        };
    }

    /** @throws RegistryOutage when the cache hasn't got one of them and the registry can't give it now */
    void learn(Records records) {
        for (int index = 0; index < records.size(); index++) {
            long timestamp = records.timestamp(index);
            Named named = of(records, index);
            if (named != null) {
                schemas.learn(named, timestamp);
                if (schemas.of(named) instanceof Meaning.Enveloped enveloped) {
                    payload(enveloped, records, index, named)
                            .ifPresent(id -> schemas.learnPayload(enveloped, id, timestamp));
                }
            }
        }
    }

    /** Also empty for an envelope that can't be read: the record is refused for it when its turn comes. */
    private Optional<SchemaId> payload(Meaning.Enveloped enveloped, Records records, int index, Named named) {
        cursor.reset(records.array(), records.valueStart(index) + named.start(), records.valueEnd(index));
        try {
            return payload(enveloped, cursor);
        } catch (AvroCursor.Malformed e) {
            return Optional.empty();
        }
    }
}
