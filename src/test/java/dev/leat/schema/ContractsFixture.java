package dev.leat.schema;

import dev.leat.pipeline.Pipeline;
import dev.leat.schema.names.NameStore;
import dev.leat.schema.registry.CachingSchemaRegistry;
import dev.leat.schema.registry.RegistryAt;
import dev.leat.schema.registry.SchemaRegistry;
import java.time.Clock;

/** The contracts of an instance, over any registry. */
public final class ContractsFixture {

    private ContractsFixture() {}

    public static Contracts contracts(Pipeline pipeline, SchemaRegistry registry, KnownColumns known, NameStore names) {
        return new Contracts(
                pipeline,
                new CachingSchemaRegistry(registry, new RegistryAt("unused"), Clock.systemUTC()),
                known,
                names);
    }
}
