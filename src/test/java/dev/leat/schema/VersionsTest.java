package dev.leat.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.contract.SchemaHistory;
import dev.leat.schema.names.NameStore;
import dev.leat.schema.registry.VersionedRegistry;
import dev.leat.schema.types.Column;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** What is told of the versions of a contract. */
class VersionsTest {

    private static final Schema RIDE =
            SchemaBuilder.record("t.Ride").fields().requiredString("id").endRecord();

    private final Stream rides = new StreamFixture("rides", "rides").key("id").build();
    private final VersionedRegistry registry = new VersionedRegistry();

    private SchemaHistory history() {
        Pipeline pipeline = new Pipeline(Map.of("rides", rides), Map.of());
        KnownColumns known = new KnownColumns() {
            @Override
            public List<Column> of(String stream) {
                return List.of();
            }
        };
        Contracts contracts = ContractsFixture.contracts(pipeline, registry, known, NameStore.inMemory());
        contracts.settle();
        return contracts.history(rides);
    }

    private void register(String text) {
        registry.register("rides-value", text, Stream.Compatibility.NONE);
    }

    @Test
    void a_version_that_is_no_avro_schema_is_told_among_the_others() {
        // Given
        register(RIDE.toString());
        register("{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"object\"}");
        register(RIDE.toString()
                .replace("]}", ", {\"name\": \"n\", \"type\": [\"null\", \"int\"], \"default\": null}]}"));

        // When
        List<SchemaHistory.Version> versions = history().versions();

        // Then
        assertThat(versions.get(1).problem()).startsWith("the registry gave a text that is no Avro schema: ");
        assertThat(versions.get(2).changes()).containsExactly("field n was added, optional, default null");
        assertThat(versions.get(2).problem()).isNull();
    }
}
