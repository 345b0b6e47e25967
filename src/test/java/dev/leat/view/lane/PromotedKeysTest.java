package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.registry.VersionedRegistry;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key of whole numbers whose contract makes doubles of them, of which two are one. */
class PromotedKeysTest {

    private static final long FIRST = 1L << 53;

    private static Schema contract(String id) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"t.E\", \"fields\": [" + "{\"name\": \"id\", \"type\": \""
                        + id + "\"}, {\"name\": \"n\", \"type\": \"int\"}]}");
    }

    private static ConsumerRecord<byte[], byte[]> record(long schema, String type, Object id, int n) {
        GenericRecord event = new GenericRecordBuilder(contract(type))
                .set("id", id)
                .set("n", n)
                .build();
        return ContractLane.record(schema, event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{latest: ids}", "{history: ids}", "{sql: 'SELECT id, n FROM ids'}", "{log: ids}"})
    void the_version_is_unfit_and_the_lane_goes_on(String view) {
        try (ViewsFixture database = new ViewsFixture()) {
            // Given
            Pipeline pipeline = SqlFixture.read("""
                    streams:
                      ids: {topic: ids, key: id}
                    views:
                      v: %s
                    """.formatted(view));
            VersionedRegistry registry = new VersionedRegistry();
            long longs = registry.register("ids-value", contract("long").toString(), Compatibility.NONE);
            ContractLane lane = new ContractLane(database, pipeline, registry, "ids");
            lane.write(List.of(record(longs, "long", FIRST, 1), record(longs, "long", FIRST + 1, 2)));

            // When
            long doubles = registry.register("ids-value", contract("double").toString(), Compatibility.NONE);
            lane.takeOver();
            lane.write(List.of(record(doubles, "double", 1.0, 3), record(longs, "long", FIRST + 2, 4)));

            // Then
            assertThat(database.rows("SELECT id, n FROM views.v ORDER BY n"))
                    .containsExactly(List.of(FIRST, 1), List.of(FIRST + 1, 2), List.of(FIRST + 2, 4));
            assertThat(database.rows("SELECT reason, message FROM leat.dead_letter"))
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(letter.getFirst()).isEqualTo("UNFIT_VERSION");
                        assertThat((String) letter.getLast())
                                .contains("field id is double precision, but its column is bigint and tells keys apart")
                                .contains("leave its type as it was, or give the other type a field of its own");
                    });
        }
    }
}
