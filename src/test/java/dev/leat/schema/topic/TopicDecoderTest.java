package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Bytes are written by Avro's own encoder, so that our reading is held against another implementation. */
class TopicDecoderTest {

    private static final String EVENT = """
            {"type": "record", "name": "Event", "namespace": "t", "fields": [
              {"name": "id", "type": "string"},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "amount", "type": ["null", "double"], "default": null}]}
            """;
    private static final Schema V1 = new Schema.Parser().parse(EVENT);

    private final FakeRegistry registry = new FakeRegistry();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    @Test
    void values_written_by_avro_become_columns() {
        // Given
        registry.byId.put(1L, V1);
        TopicDecoder decoder = decoder(keyed());
        add(event("a", 1_593_561_600_123L, 9.5), 1);
        add(event("b", -1L, null), 1);

        // When
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        Rows rows = decoded.rows().getFirst();
        assertThat(decoded.rejected()).isEmpty();
        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("b");
        assertThat(rows.vector("at").longAt(0)).isEqualTo(1_593_561_600_123_000L);
        assertThat(rows.eventTime(1)).isEqualTo(-1000L);
        assertThat(rows.vector("amount").doubleAt(0)).isEqualTo(9.5);
        assertThat(rows.vector("amount").isNull(1)).isTrue();
        assertThat(rows.offset(1)).isEqualTo(1);
    }

    @Test
    void every_kind_of_value_is_read() {
        // Given
        Schema all = new Schema.Parser().parse("""
                {"type": "record", "name": "All", "fields": [
                  {"name": "flag", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": "long"},
                  {"name": "f", "type": "float"}, {"name": "d", "type": "double"}, {"name": "b", "type": "bytes"},
                  {"name": "fx", "type": {"type": "fixed", "name": "F4", "size": 4}},
                  {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["X", "Y"]}},
                  {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "tm", "type": {"type": "int", "logicalType": "time-millis"}},
                  {"name": "tu", "type": {"type": "long", "logicalType": "time-micros"}},
                  {"name": "su", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                  {"name": "lm", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
                  {"name": "dec", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "u", "type": {"type": "string", "logicalType": "uuid"}},
                  {"name": "tags", "type": {"type": "array", "items": "string"}},
                  {"name": "m", "type": {"type": "map", "values": ["null", "int", "string"]}},
                  {"name": "r", "type": ["null", {"type": "record", "name": "R", "fields": [
                     {"name": "x", "type": "int"}, {"name": "y", "type": ["string", "null"]}]}]}]}
                """);
        Schema nested = all.getField("r").schema().getTypes().get(1);
        UUID uuid = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");
        registry.byId.put(1L, all);
        TopicDecoder decoder = decoder(unkeyed());
        GenericRecordBuilder full = new GenericRecordBuilder(all)
                .set("flag", true)
                .set("i", Integer.MIN_VALUE)
                .set("l", Long.MAX_VALUE)
                .set("f", 1.5f)
                .set("d", Double.NaN)
                .set("b", ByteBuffer.wrap(new byte[] {1, 2}))
                .set("fx", new GenericData.Fixed(all.getField("fx").schema(), new byte[] {3, 4, 5, 6}))
                .set("e", new GenericData.EnumSymbol(all.getField("e").schema(), "Y"))
                .set("day", -1)
                .set("tm", 1)
                .set("tu", 2L)
                .set("su", 3L)
                .set("lm", 4L)
                .set(
                        "dec",
                        ByteBuffer.wrap(new BigDecimal("-12.34").unscaledValue().toByteArray()))
                .set("u", uuid.toString())
                .set("tags", List.of("p", "q\""))
                .set("m", Map.of("k", 7))
                .set(
                        "r",
                        new GenericRecordBuilder(nested)
                                .set("x", 5)
                                .set("y", "z")
                                .build());
        add(full.build(), 1);
        add(full.set("r", null).build(), 1);

        // When
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.vector("flag").longAt(0)).isEqualTo(1);
        assertThat(rows.vector("i").longAt(0)).isEqualTo(Integer.MIN_VALUE);
        assertThat(rows.vector("l").longAt(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(rows.vector("f").doubleAt(0)).isEqualTo(1.5);
        assertThat(rows.vector("d").doubleAt(0)).isNaN();
        assertThat((byte[]) rows.vector("b").objectAt(0)).containsExactly(1, 2);
        assertThat((byte[]) rows.vector("fx").objectAt(0)).containsExactly(3, 4, 5, 6);
        assertThat(rows.vector("e").objectAt(0)).isEqualTo("Y");
        assertThat(rows.vector("day").longAt(0)).isEqualTo(-1);
        assertThat(rows.vector("tm").longAt(0)).isEqualTo(1000);
        assertThat(rows.vector("tu").longAt(0)).isEqualTo(2);
        assertThat(rows.vector("su").longAt(0)).isEqualTo(3);
        assertThat(rows.vector("lm").longAt(0)).isEqualTo(4000);
        assertThat(rows.vector("dec").objectAt(0)).isEqualTo(new BigDecimal("-12.34"));
        assertThat(rows.vector("u").objectAt(0)).isEqualTo(uuid);
        assertThat(rows.vector("tags").objectAt(0)).isEqualTo(List.of("p", "q\""));
        assertThat(rows.vector("m").objectAt(0)).isEqualTo("{\"k\":{\"int\":7}}");
        assertThat(rows.vector("r_x").longAt(0)).isEqualTo(5);
        assertThat(rows.vector("r_y").objectAt(0)).isEqualTo("z");
        assertThat(rows.vector("r_x").isNull(1)).isTrue();
        assertThat(rows.vector("r_y").isNull(1)).isTrue();
    }

    @Test
    void a_new_field_joins_the_shape_and_older_records_have_its_default() {
        // Given
        Schema v2 = new Schema.Parser()
                .parse(EVENT.replace(
                        "\"default\": null}",
                        "\"default\": null}, {\"name\": \"tips\", \"type\": \"int\", \"default\": 3}"));
        registry.byId.put(1L, V1);
        registry.byId.put(2L, v2);
        TopicDecoder decoder = decoder(keyed());
        add(event("a", 1, 1.0), 1);
        decoder.decode(0, Records.of(records));
        add(
                new GenericRecordBuilder(v2)
                        .set("id", "b")
                        .set("at", 2L)
                        .set("amount", 2.0)
                        .set("tips", 8)
                        .build(),
                2);

        // When
        Rows rows = decoder.decode(0, Records.of(records)).rows().getFirst();

        // Then
        assertThat(rows.shape().columns()).extracting(Column::name).containsExactly("id", "at", "amount", "tips");
        assertThat(rows.vector("tips").longAt(0)).isEqualTo(3);
        assertThat(rows.vector("tips").longAt(1)).isEqualTo(8);
    }

    @Test
    void a_broken_record_is_refused_with_its_reason_and_leaves_its_neighbours_whole() {
        // Given
        Schema other = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Other\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}]}");
        registry.byId.put(1L, V1);
        registry.byId.put(2L, other);
        TopicDecoder decoder = decoder(keyed());
        add(event("a", 1, 1.0), 1);
        byte[] whole = framed(1, bytes(event("x", 2, 2.0)));
        record("k".getBytes(StandardCharsets.UTF_8), new byte[0]);
        record("k".getBytes(StandardCharsets.UTF_8), "hello, world".getBytes(StandardCharsets.UTF_8));
        record("k".getBytes(StandardCharsets.UTF_8), framed(99, new byte[] {2, 4}));
        record(
                "k".getBytes(StandardCharsets.UTF_8),
                framed(2, bytes(new GenericRecordBuilder(other).set("id", "o").build())));
        record(null, whole);
        record("k".getBytes(StandardCharsets.UTF_8), java.util.Arrays.copyOf(whole, whole.length - 3));
        record("k".getBytes(StandardCharsets.UTF_8), java.util.Arrays.copyOf(whole, whole.length + 2));
        add(event("b", 3, 3.0), 1);

        // When
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected())
                .extracting(Rejected::offset, Rejected::reason, Rejected::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, Reason.EMPTY_VALUE, "the value has no bytes"),
                        org.assertj.core.groups.Tuple.tuple(
                                2L, Reason.NOT_FRAMED, "the value begins with byte 104, not with 0 and a schema id"),
                        org.assertj.core.groups.Tuple.tuple(
                                3L, Reason.UNKNOWN_SCHEMA, "the registry has no schema with id 99"),
                        org.assertj.core.groups.Tuple.tuple(
                                4L,
                                Reason.UNDECLARED_TYPE,
                                "type Other belongs to no stream of the topic; declared are t.Event"),
                        org.assertj.core.groups.Tuple.tuple(
                                5L,
                                Reason.MISSING_KEY,
                                "the record has no Kafka key, so it has no place among the others of its id"),
                        org.assertj.core.groups.Tuple.tuple(
                                6L, Reason.UNDECODABLE, "not a t.Event: the record ends 3 bytes early"),
                        org.assertj.core.groups.Tuple.tuple(
                                7L, Reason.UNDECODABLE, "not a t.Event: 2 bytes are left over after the record"));
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.vector("id").objectAt(0)).isEqualTo("a");
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("b");
        assertThat(rows.vector("amount").doubleAt(1)).isEqualTo(3.0);
    }

    @Test
    void a_record_without_a_value_is_a_delete_on_a_keyed_stream_and_a_fault_on_others() {
        // Given
        registry.byId.put(1L, V1);
        TopicDecoder keyed = decoder(keyed());
        TopicDecoder unkeyed = decoder(unkeyed());
        add(event("a", 1, 1.0), 1);
        record("a".getBytes(StandardCharsets.UTF_8), null);

        // When
        Rows rows = keyed.decode(0, Records.of(records)).rows().getFirst();
        Decoded refused = unkeyed.decode(0, Records.of(records));

        // Then
        assertThat(rows.isDelete(0)).isFalse();
        assertThat(rows.isDelete(1)).isTrue();
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("a");
        assertThat(rows.vector("at").isNull(1)).isTrue();
        assertThat(refused.rejected()).extracting(Rejected::reason).containsExactly(Reason.EMPTY_VALUE);
    }

    @Test
    void an_avro_key_names_what_a_delete_deletes() {
        // Given
        Schema key = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"EventKey\",\"fields\":[{\"name\":\"v\",\"type\":\"int\"},"
                        + "{\"name\":\"id\",\"type\":\"string\"}]}");
        registry.byId.put(1L, V1);
        registry.byId.put(7L, key);
        TopicDecoder decoder = decoder(keyed());
        add(event("a", 1, 1.0), 1);
        record(
                framed(
                        7,
                        bytes(new GenericRecordBuilder(key)
                                .set("v", 1)
                                .set("id", "a")
                                .build())),
                null);

        // When
        Rows rows = decoder.decode(0, Records.of(records)).rows().getFirst();

        // Then
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("a");
    }

    @Test
    void among_many_records_of_one_schema_each_has_its_own_verdict() {
        // Given broken ones in the second, third and fourth hundred
        registry.byId.put(1L, V1);
        TopicDecoder decoder = decoder(keyed());
        for (int i = 0; i < 600; i++) {
            byte[] value = framed(1, bytes(event("e" + i, i, i % 7 == 0 ? null : i / 2.0)));
            byte[] key = i == 250 ? null : new byte[] {1};
            switch (i) {
                case 150 -> record(key, Arrays.copyOf(value, value.length - 1));
                case 350 -> record(key, Arrays.copyOf(value, value.length + 1));
                default -> record(key, value);
            }
        }

        // When
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).extracting(Rejected::offset).containsExactly(150L, 250L, 350L);
        assertThat(decoded.rejected())
                .extracting(Rejected::reason)
                .containsExactly(Reason.UNDECODABLE, Reason.MISSING_KEY, Reason.UNDECODABLE);
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.size()).isEqualTo(597);
        for (int row = 0; row < rows.size(); row++) {
            long i = rows.offset(row);
            assertThat(rows.vector("id").valueAt(row)).isEqualTo("e" + i);
            assertThat(rows.vector("at").valueAt(row)).isEqualTo(1000 * i);
            assertThat(rows.vector("amount").valueAt(row)).isEqualTo(i % 7 == 0 ? null : i / 2.0);
        }
    }

    @Test
    void an_outage_of_the_registry_refuses_nothing() {
        // Given
        registry.byId.put(1L, V1);
        registry.away = true;
        TopicDecoder decoder = decoder(keyed());
        add(event("a", 1, 1.0), 1);

        // When
        assertThatThrownBy(() -> decoder.decode(0, Records.of(records))).isInstanceOf(RegistryOutage.class);
        registry.away = false;
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(decoded.rows().getFirst().size()).isEqualTo(1);
    }

    @Test
    void a_key_or_time_that_the_contract_lacks_is_refused_with_what_it_has() {
        // Given
        Stream wrong = new StreamFixture("events", "topic").key("ride").build();

        // When, then
        assertThatThrownBy(() -> new StreamContract(wrong).learn(V1))
                .isInstanceOf(ContractException.class)
                .hasMessage("streams.events.key: expected the name of a field with a simple value, but `ride` isn't one"
                        + " in t.Event, which has id, at, amount");
        assertThatThrownBy(() -> new StreamContract(new StreamFixture("events", "topic")
                                .eventTime("when")
                                .build())
                        .learn(V1))
                .hasMessage("streams.events.event-time: expected the name of a timestamp field, but `when` isn't one"
                        + " in t.Event, which has id, at, amount");
    }

    private TopicDecoder decoder(Stream stream) {
        StreamContract source = new StreamContract(stream);
        if (stream.isKeyed()) {
            source.learn(V1);
        }
        return new TopicDecoder(
                ContractHistory.ofRegistry(registry),
                new WireFormat(stream.decoding().ids()),
                List.of(source));
    }

    private static Stream keyed() {
        return new StreamFixture("events", "topic").key("id").eventTime("at").build();
    }

    private static Stream unkeyed() {
        return new StreamFixture("events", "topic").build();
    }

    private static GenericData.Record event(String id, long at, Double amount) {
        return new GenericRecordBuilder(V1)
                .set("id", id)
                .set("at", at)
                .set("amount", amount)
                .build();
    }

    private void add(GenericData.Record value, int id) {
        record("k".getBytes(StandardCharsets.UTF_8), framed(id, bytes(value)));
    }

    private void record(byte[] key, byte[] value) {
        records.add(new ConsumerRecord<>("topic", 0, records.size(), key, value));
    }

    private static byte[] framed(int id, byte[] bytes) {
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(id)
                .put(bytes)
                .array();
    }

    private static byte[] bytes(GenericData.Record value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(value.getSchema()).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
