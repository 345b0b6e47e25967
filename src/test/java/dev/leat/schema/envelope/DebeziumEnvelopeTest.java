package dev.leat.schema.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Ids;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.topic.ContractHistory;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.topic.StreamContract;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.AvroBytes;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** An envelope as Debezium's Postgres connector has it with an Avro converter, cut to a few of its fields. */
class DebeziumEnvelopeTest {

    private static final Schema ENVELOPE = new Schema.Parser().parse("""
            {"type": "record", "name": "Envelope", "namespace": "shop.public.customers", "fields": [
              {"name": "before", "default": null, "type": ["null", {"type": "record", "name": "Value", "fields": [
                 {"name": "id", "type": "string"},
                 {"name": "name", "type": ["null", "string"], "default": null},
                 {"name": "visits", "type": "int", "default": 0}]}]},
              {"name": "after", "type": ["null", "Value"], "default": null},
              {"name": "source", "type": {"type": "record", "name": "Source", "namespace": "io.debezium", "fields": [
                 {"name": "version", "type": "string"},
                 {"name": "ts_ms", "type": "long"},
                 {"name": "snapshot", "type": ["null", "string"], "default": null},
                 {"name": "lsn", "type": ["null", "long"], "default": null}]}},
              {"name": "transaction", "type": ["null", {"type": "map", "values": "long"}], "default": null},
              {"name": "op", "type": "string"},
              {"name": "ts_ms", "type": ["null", "long"], "default": null},
              {"name": "tags", "type": {"type": "array", "items": "double"}}]}
            """);
    private static final Schema VALUE =
            ENVELOPE.getField("after").schema().getTypes().get(1);

    private final FakeRegistry registry = new FakeRegistry();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    @Test
    void the_row_is_what_it_is_after_the_change() {
        // Given
        add("r", null, row("a", "Ann", 1), 1_000L);
        add("c", null, row("b", null, 2), 2_000L);
        add("u", row("a", "Ann", 1), row("a", "Anna", 3), 3_000L);

        // When
        Decoded decoded = decode(keyed());

        // Then
        assertThat(decoded.rejected()).isEmpty();
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.shape().columns())
                .extracting(Column::name)
                .containsExactly("id", "name", "visits", "_op", "_source_at");
        assertThat(rows.size()).isEqualTo(3);
        assertThat(rows.vector("id").objectAt(2)).isEqualTo("a");
        assertThat(rows.vector("name").objectAt(2)).isEqualTo("Anna");
        assertThat(rows.vector("name").isNull(1)).isTrue();
        assertThat(rows.vector("visits").longAt(2)).isEqualTo(3);
        assertThat(rows.vector("_op").objectAt(0)).isEqualTo("r");
        assertThat(rows.vector("_op").objectAt(2)).isEqualTo("u");
        assertThat(rows.eventTime(2)).isEqualTo(3_000_000L);
    }

    @Test
    void a_delete_has_the_key_of_before_or_that_of_the_record_and_a_tombstone_repeats_it() {
        // Given
        add("c", null, row("a", "Ann", 1), 1_000L);
        add("d", row("a", "Ann", 1), null, 2_000L);
        records.add(record("b", null));
        add("d", null, null, 4_000L);

        // When
        Decoded decoded = decode(keyed());

        // Then
        assertThat(decoded.rejected()).isEmpty();
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.size()).isEqualTo(4);
        assertThat(rows.isDelete(0)).isFalse();
        for (int row = 1; row < 4; row++) {
            assertThat(rows.isDelete(row)).isTrue();
            assertThat(rows.vector("name").isNull(row)).isTrue();
            assertThat(rows.vector("_op").isNull(row)).isTrue();
        }
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("a");
        assertThat(rows.vector("id").objectAt(2)).isEqualTo("b");
        assertThat(rows.vector("id").objectAt(3)).isEqualTo("k");
    }

    @Test
    void what_is_no_change_of_a_row_is_refused_and_leaves_its_neighbours_whole() {
        // Given
        add("c", null, row("a", "Ann", 1), 1_000L);
        add("t", null, null, 2_000L);
        add("c", null, null, 3_000L);
        add("c", null, row("b", "Bob", 1), 4_000L);

        // When
        Decoded decoded = decode(keyed());

        // Then
        assertThat(decoded.rejected())
                .extracting(Rejected::offset, Rejected::reason, Rejected::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                1L,
                                Reason.UNDECODABLE,
                                "not a shop.public.customers.Envelope: op t is none of c, u, r, d"),
                        org.assertj.core.groups.Tuple.tuple(
                                2L,
                                Reason.UNDECODABLE,
                                "not a shop.public.customers.Envelope: a change with op c has no after"));
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("b");
        assertThat(rows.vector("_op").objectAt(1)).isEqualTo("c");
    }

    @Test
    void a_delete_on_a_stream_without_a_key_is_refused() {
        // Given
        add("d", row("a", "Ann", 1), null, 2_000L);

        // When
        Decoded decoded = decode(new StreamFixture("customers", "topic")
                .unwrap(Stream.Unwrap.DEBEZIUM)
                .build());

        // Then
        assertThat(decoded.rejected())
                .extracting(Rejected::reason, Rejected::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        Reason.MISSING_KEY, "a delete makes no sense on a stream without `key:`"));
    }

    @Test
    void a_value_that_is_no_envelope_is_refused_with_what_it_has() {
        // Given
        registry.byId.put(1L, VALUE);
        records.add(record("k", AvroBytes.framed(1, VALUE, row("a", "Ann", 1))));

        // When
        Decoded decoded = decoder(keyed()).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected())
                .extracting(Rejected::reason, Rejected::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        Reason.UNFIT_VERSION,
                        "shop.public.customers.Value with id 1 is unfit for the stream: `unwrap: debezium` expects an envelope of before, after and op, and"
                                + " shop.public.customers.Value has id, name, visits"));
    }

    private Decoded decode(Stream stream) {
        registry.byId.put(1L, ENVELOPE);
        return decoder(stream).decode(0, Records.of(records));
    }

    private TopicDecoder decoder(Stream stream) {
        return new TopicDecoder(
                ContractHistory.ofRegistry(registry), new WireFormat(Ids.DEFAULT), List.of(new StreamContract(stream)));
    }

    private static Stream keyed() {
        return new StreamFixture("customers", "topic")
                .key("id")
                .eventTime("_source_at")
                .unwrap(Stream.Unwrap.DEBEZIUM)
                .build();
    }

    private static GenericRecord row(String id, String name, int visits) {
        return new GenericRecordBuilder(VALUE)
                .set("id", id)
                .set("name", name)
                .set("visits", visits)
                .build();
    }

    private void add(String operation, GenericRecord before, GenericRecord after, long at) {
        Schema source = ENVELOPE.getField("source").schema();
        records.add(record(
                "k",
                AvroBytes.framed(
                        1,
                        ENVELOPE,
                        new GenericRecordBuilder(ENVELOPE)
                                .set("before", before)
                                .set("after", after)
                                .set(
                                        "source",
                                        new GenericRecordBuilder(source)
                                                .set("version", "3.0")
                                                .set("ts_ms", at)
                                                .set("lsn", 7L)
                                                .build())
                                .set("transaction", java.util.Map.of("order", 1L))
                                .set("op", operation)
                                .set("ts_ms", at + 5)
                                .set("tags", List.of(1.0, 2.0))
                                .build())));
    }

    private ConsumerRecord<byte[], byte[]> record(String key, byte[] value) {
        return new ConsumerRecord<>("topic", 0, records.size(), key.getBytes(StandardCharsets.UTF_8), value);
    }
}
