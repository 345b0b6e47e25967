package dev.leat.schema.registry;

import dev.leat.pipeline.Stream.Compatibility;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.Schema;

/** What Leat asks of a schema registry. Every call blocks, and throws {@link RegistryOutage} when there is no answer. */
public interface SchemaRegistry {

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

    /** The subject with all its versions; empty when there is none. */
    Optional<Subject> subject(String subject);

    /**
     * Gives the subject this rule and makes the text of this schema its newest version, unless it is a version already.
     * The rule counts for this version.
     *
     * @return the content id of this version
     * @throws RefusedVersion when the rule forbids it
     */
    long register(String subject, String avsc, Compatibility rule);

    /**
     * Whether the text could be the newest version of the subject, under the rule that the subject has; changes nothing.
     *
     * @throws RefusedVersion when it couldn't
     */
    void check(String subject, String avsc);

    /** Grows when ids that were answered for have been given to other schemas: what was planned by them is to be forgotten. */
    default long changes() {
        return 0;
    }
}
