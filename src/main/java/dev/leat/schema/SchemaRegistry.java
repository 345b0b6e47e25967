package dev.leat.schema;

import dev.leat.pipeline.Stream.Compatibility;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.Schema;

/** What Leat asks of a schema registry. Every call blocks, and throws {@link RegistryOutage} when there is no answer. */
interface SchemaRegistry {

    /** The schema with this id, its references resolved; empty when the registry doesn't know the id. */
    Optional<Schema> schema(SchemaId id);

    /**
     * The same for an id that a record of this time names: a schema is registered before the first record that names it is
     * written, so a registry that still doesn't know it a while after that never will.
     */
    default Optional<Schema> schema(SchemaId id, Instant namedAt) {
        return schema(id);
    }

    /** The newest version of a subject; empty when there is none. */
    Optional<Schema> latest(String subject);

    /**
     * Makes the text of this schema the newest version of the subject, unless it is that already, under this rule.
     *
     * @throws ContractException when the subject's rule forbids it
     */
    void register(String subject, String avsc, Compatibility rule);
}
