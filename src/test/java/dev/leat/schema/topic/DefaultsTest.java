package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.types.AvroBytes;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What stands in a column where the event's writer knew no such field, before and after the process begins anew. */
class DefaultsTest {

    private static final Stream STREAM = new StreamFixture("events", "topic").build();
    private static final Schema FIRST = schema("{\"name\": \"old\", \"type\": \"int\", \"default\": 7}");
    private static final Schema SECOND = schema("{\"name\": \"new\", \"type\": \"int\", \"default\": 8}");
    private static final List<Schema> VERSIONS = List.of(FIRST, SECOND);

    private final FakeRegistry registry = new FakeRegistry();

    DefaultsTest() {
        registry.byId.put(1L, FIRST);
        registry.byId.put(2L, SECOND);
    }

    @Test
    void a_field_that_went_is_null_and_one_that_came_has_its_default_whatever_the_process_has_met() {
        // Given one process that was there before the second version, and one that begins after it
        registry.bySubject.put("topic-value", FIRST);
        StreamContract before = new StreamContract(STREAM);
        before.learnSubject(FIRST);
        decode(before, 1);
        registry.bySubject.put("topic-value", SECOND);
        StreamContract after = new StreamContract(STREAM);
        after.begin(before.shape().orElseThrow().columns());
        after.learnSubject(SECOND);

        // When
        String here = decode(before, 2, 1);
        String there = decode(after, 2, 1);

        // Then
        assertThat(here).isEqualTo("old=null new=2|old=1 new=8").isEqualTo(there);
    }

    @Test
    void an_older_version_that_comes_late_does_not_bring_its_defaults_back() {
        // Given
        registry.bySubject.put("topic-value", SECOND);
        StreamContract source = new StreamContract(STREAM);
        source.learnSubject(SECOND);

        // When
        String words = decode(source, 1, 2, 2);

        // Then
        assertThat(words).isEqualTo("old=1 new=8|old=null new=2|old=null new=2");
    }

    @Test
    void a_subject_that_the_registry_does_not_know_leaves_the_defaults_that_were_met() {
        StreamContract source = new StreamContract(STREAM);

        assertThat(decode(source, 1, 2)).isEqualTo("old=1 new=8|old=7 new=2");
    }

    /** Each event has its version's number in its field. */
    private String decode(StreamContract source, int... versions) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int version : versions) {
            Schema schema = VERSIONS.get(version - 1);
            Object event = new GenericRecordBuilder(schema)
                    .set(schema.getFields().getFirst(), version)
                    .build();
            records.add(new ConsumerRecord<>(
                    "topic",
                    0,
                    records.size(),
                    "k".getBytes(StandardCharsets.UTF_8),
                    AvroBytes.framed(version, schema, event)));
        }
        Rows rows = new TopicDecoder(
                        ContractHistory.ofRegistry(registry), new WireFormat(Stream.Ids.DEFAULT), List.of(source))
                .decode(0, Records.of(records))
                .rows()
                .getFirst();
        List<String> words = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            words.add("old=" + rows.vector("old").valueAt(row)
                    + (rows.shape().has("new") ? " new=" + rows.vector("new").valueAt(row) : ""));
        }
        return String.join("|", words);
    }

    private static Schema schema(String field) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"E\", \"namespace\": \"t\", \"fields\": [" + field + "]}");
    }
}
