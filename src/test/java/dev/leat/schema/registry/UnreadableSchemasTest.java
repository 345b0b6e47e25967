package dev.leat.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.topic.ContractHistory;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.StreamContract;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The registry has texts of other formats, and others than we can read: their records are dead letters, alone. */
class UnreadableSchemasTest {

    private static final String RIDE =
            "{\"type\": \"record\", \"name\": \"t.Ride\", \"fields\": [{\"name\": \"id\", \"type\": \"string\"}]}";

    private final VersionedRegistry registry = new VersionedRegistry();
    private final Stream rides = new StreamFixture("rides", "rides").key("id").build();

    static List<String> texts() {
        return List.of(
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"object\", \"properties\":"
                        + " {\"id\": {\"type\": \"string\"}}}",
                "{\"type\": \"object\"}",
                "{\"type\": [\"string\", \"object\"]}",
                "true",
                "{}",
                "[]",
                "null",
                "42",
                "",
                "syntax = \"proto3\"; message Ride { string id = 1; }",
                "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"/>",
                "type Query { rides: [Ride] }",
                "{\"type\": \"record\"}",
                "{\"type\": \"record\", \"name\": \"t.Ride\"}",
                "{\"type\": \"record\", \"name\": 5, \"fields\": []}",
                "{\"type\": \"record\", \"name\": \"t.Ride\", \"fields\": {}}",
                "{\"type\": \"record\", \"name\": \"t.Ride\", \"fields\": [5]}",
                "{\"type\": \"record\", \"name\": \"t.Ride\", \"fields\": [{\"name\": \"id\", \"type\": \"t.Unknown\"}]}",
                "{\"type\": \"record\", \"name\": \"t.Ride\", \"fields\": [{\"name\": \"id\", \"type\": \"int\","
                        + " \"default\": \"x\"}]}",
                "{\"type\": \"record\", \"name\": \"t.Ride\", \"fields\": [{\"name\": \"id\", \"type\": \"int\"},"
                        + " {\"name\": \"id\", \"type\": \"int\"}]}",
                "{\"type\": \"fixed\", \"name\": \"t.F\", \"size\": -1}",
                "{\"type\": \"fixed\", \"name\": \"t.F\", \"size\": \"x\"}",
                "{\"type\": \"enum\", \"name\": \"t.E\"}",
                "{\"type\": \"enum\", \"name\": \"t.E\", \"symbols\": [1]}",
                "{\"type\": \"array\"}",
                "{\"type\": \"map\", \"values\": null}",
                "\"string\"",
                "\"null\"",
                "[\"null\", \"null\"]",
                "[".repeat(200_000),
                "{\"type\": \"array\", \"items\": ".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void a_record_of_such_a_schema_is_a_dead_letter_and_its_neighbours_are_rows(String text) {
        // Given
        long ride = registry.register("rides-value", RIDE, Stream.Compatibility.NONE);
        long other = registry.register("other-value", text, Stream.Compatibility.NONE);
        TopicDecoder decoder = new TopicDecoder(
                ContractHistory.ofRegistry(registry),
                new WireFormat(Stream.Ids.DEFAULT),
                List.of(new StreamContract(rides)));

        // When
        Decoded decoded = decoder.decode(
                0, Records.of(List.of(record(0, ride, 'a'), record(1, other, 'b'), record(2, ride, 'c'))));

        // Then
        assertThat(decoded.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.offset()).isEqualTo(1);
            assertThat(rejected.reason()).isIn((Object[]) Rejected.Reason.values());
            assertThat(rejected.message()).isNotBlank();
        });
        assertThat(decoded.rows().getFirst().size()).isEqualTo(2);
    }

    @Test
    void what_is_wrong_is_said() {
        // Given
        long other = registry.register("other-value", texts().getFirst(), Stream.Compatibility.NONE);

        // When
        Decoded decoded = new TopicDecoder(
                        ContractHistory.ofRegistry(registry),
                        new WireFormat(Stream.Ids.DEFAULT),
                        List.of(new StreamContract(rides)))
                .decode(0, Records.of(List.of(record(0, other, 'b'))));

        // Then
        assertThat(decoded.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.reason()).isEqualTo(Rejected.Reason.UNFIT_VERSION);
            assertThat(rejected.message())
                    .startsWith(
                            "the schema with id 1 can't be used: the registry gave a text that is no Avro schema: ");
        });
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, long id, char key) {
        byte[] value = ByteBuffer.allocate(7)
                .put((byte) 0)
                .putInt((int) id)
                .put((byte) 2)
                .put((byte) key)
                .array();
        return new ConsumerRecord<>("rides", 0, offset, "k".getBytes(StandardCharsets.UTF_8), value);
    }
}
