package dev.leat.schema.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.schema.topic.ContractHistory;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.topic.StreamContract;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.AvroBytes;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.avro.AvroTypes;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Messages in the contract that the project brings, and as producers with ints in their envelope write them. */
class YelpTest {

    private static final Schema ENVELOPE = contract();
    private static final Schema WITH_INTS = new Schema.Parser()
            .parse(ENVELOPE.toString()
                    .replace("\"type\":\"long\"", "\"type\":\"int\"")
                    .replace(",\"logicalType\":\"uuid\"", ""));
    private static final Schema BUSINESS = new Schema.Parser().parse("""
            {"type": "record", "name": "Business", "namespace": "shop", "fields": [
              {"name": "id", "type": "string"},
              {"name": "stars", "type": ["null", "int"], "default": null}]}
            """);
    private static final Schema BUSINESS_2 = new Schema.Parser().parse("""
            {"type": "record", "name": "Business", "namespace": "shop", "fields": [
              {"name": "id", "type": "string"},
              {"name": "stars", "type": ["null", "int"], "default": null},
              {"name": "city", "type": ["null", "string"], "default": null}]}
            """);
    private static final Schema REVIEW = new Schema.Parser().parse("""
            {"type": "record", "name": "Review", "namespace": "shop", "fields": [{"name": "id", "type": "string"}]}
            """);
    private static final int ID_OF_ENVELOPE = 1;
    private static final int ID_OF_BUSINESS = 2;
    private static final int ID_OF_BUSINESS_2 = 3;
    private static final int ID_OF_REVIEW = 4;

    private final FakeRegistry registry = new FakeRegistry();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    YelpTest() {
        registry.byId.put((long) ID_OF_ENVELOPE, ENVELOPE);
        registry.byId.put((long) ID_OF_BUSINESS, BUSINESS);
        registry.byId.put((long) ID_OF_BUSINESS_2, BUSINESS_2);
        registry.byId.put((long) ID_OF_REVIEW, REVIEW);
    }

    @Test
    void the_payload_is_the_row_and_the_envelopes_fields_are_columns() {
        // Given
        add("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_000);
        add("update", ID_OF_BUSINESS_2, business2("a", 4, "Ulm"), business2("a", 3, null), 1_700_000_001);
        add("refresh", ID_OF_BUSINESS, business("b", null), null, 1_700_000_002);
        add("log", ID_OF_BUSINESS, business("c", 1), null, 1_700_000_003);

        // When
        Decoded decoded = decoder(keyed()).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.shape().columns())
                .extracting(Column::name)
                .containsExactly(
                        "id",
                        "stars",
                        "_uuid",
                        "_message_type",
                        "_schema_id",
                        "_sent_at",
                        "_previous",
                        "_meta",
                        "city");
        assertThat(rows.size()).isEqualTo(4);
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("a");
        assertThat(rows.vector("stars").longAt(1)).isEqualTo(4);
        assertThat(rows.vector("city").objectAt(1)).isEqualTo("Ulm");
        assertThat(rows.vector("city").isNull(0)).isTrue();
        assertThat(rows.vector("stars").isNull(2)).isTrue();
        assertThat(rows.vector("_uuid").objectAt(1)).isEqualTo(new UUID(7, 1));
        assertThat(rows.vector("_message_type").objectAt(3)).isEqualTo("log");
        assertThat(rows.vector("_schema_id").longAt(1)).isEqualTo(ID_OF_BUSINESS_2);
        assertThat(rows.eventTime(1)).isEqualTo(1_700_000_001_000_000L);
        assertThat(rows.vector("_previous").isNull(0)).isTrue();
        assertThat(rows.vector("_previous").objectAt(1)).isEqualTo("{\"id\":\"a\",\"stars\":3,\"city\":null}");
        assertThat(rows.vector("_meta").objectAt(1)).isEqualTo("[{\"schema_id\":9,\"payload\":\"AQI=\"}]");
    }

    @Test
    void an_envelope_with_ints_and_a_fixed_for_the_uuid_has_the_same_bytes_and_rows() {
        // Given
        registry.byId.put((long) ID_OF_ENVELOPE, WITH_INTS);
        add("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_000);

        // When
        Rows rows = decoder(keyed()).decode(0, Records.of(records)).rows().getFirst();

        // Then
        assertThat(rows.vector("_uuid").objectAt(0)).isEqualTo(new UUID(7, 0));
        assertThat(rows.vector("stars").longAt(0)).isEqualTo(3);
        assertThat(rows.eventTime(0)).isEqualTo(1_700_000_000_000_000L);
        assertThat(WITH_INTS.getField("schema_id").schema().getType()).isEqualTo(Schema.Type.INT);
        assertThat(WITH_INTS.getField("uuid").schema().getLogicalType()).isNull();
    }

    @Test
    void a_delete_has_the_key_of_the_previous_payload_or_of_the_payload_or_of_the_record() {
        // Given
        add("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_000);
        add("delete", ID_OF_BUSINESS, business("x", 3), business("a", 3), 1_700_000_001);
        add("delete", ID_OF_BUSINESS, business("b", 3), null, 1_700_000_002);
        add("delete", ID_OF_BUSINESS, null, null, 1_700_000_003);

        // When
        Decoded decoded = decoder(keyed()).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.isDelete(0)).isFalse();
        for (int row = 1; row < 4; row++) {
            assertThat(rows.isDelete(row)).isTrue();
            assertThat(rows.vector("stars").isNull(row)).isTrue();
            assertThat(rows.vector("_message_type").isNull(row)).isTrue();
        }
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("a");
        assertThat(rows.vector("id").objectAt(2)).isEqualTo("b");
        assertThat(rows.vector("id").objectAt(3)).isEqualTo("k");
    }

    @Test
    void messages_of_producers_about_themselves_are_passed_over_whatever_schema_they_name() {
        // Given
        add("heartbeat", 99, null, null, 1_700_000_000);
        add("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_001);
        add("monitor", 99, null, null, 1_700_000_002);
        add("registration", 99, null, null, 1_700_000_003);

        // When
        Decoded decoded = decoder(keyed()).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(decoded.rows().getFirst().size()).isEqualTo(1);
        assertThat(decoded.rows().getFirst().offset(0)).isEqualTo(1);
    }

    @Test
    void streams_of_a_topic_are_told_apart_by_the_payloads_type() {
        // Given
        add("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_000);
        add("create", ID_OF_REVIEW, review("r"), null, 1_700_000_001);
        add("create", ID_OF_BUSINESS_2, business2("b", 3, null), null, 1_700_000_002);
        Stream reviews = new StreamFixture("reviews", "topic")
                .type("shop.Review")
                .key("id")
                .unwrap(Stream.Unwrap.YELP)
                .build();

        // When
        Decoded decoded = decoder(keyed(), reviews).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(decoded.rows().get(0).size()).isEqualTo(2);
        assertThat(decoded.rows().get(1).size()).isEqualTo(1);
        assertThat(decoded.rows().get(1).vector("id").objectAt(0)).isEqualTo("r");
    }

    @Test
    void what_cannot_be_a_row_is_refused_and_leaves_its_neighbours_whole() {
        // Given
        add("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_000);
        add("create", 99, business("a", 3), null, 1_700_000_001);
        add("create", ID_OF_REVIEW, review("r"), null, 1_700_000_002);
        add("create", ID_OF_BUSINESS_2, business("a", 3), null, 1_700_000_003);
        records.add(record(AvroBytes.framed(
                ID_OF_ENVELOPE,
                ENVELOPE,
                message("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_004)
                        .set("encryption_type", "AES_MODE_CBC-1")
                        .build())));
        records.add(record(AvroBytes.framed(ID_OF_BUSINESS, BUSINESS, business("a", 3))));
        records.add(record(new byte[] {0, 0, 0, 0, ID_OF_ENVELOPE, 1, 2}));
        add("create", ID_OF_BUSINESS, business("b", 3), null, 1_700_000_005);

        // When
        Decoded decoded = decoder(keyed()).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected())
                .extracting(Rejected::offset, Rejected::reason, Rejected::message)
                .containsExactly(
                        tuple(1L, Reason.UNKNOWN_SCHEMA, "the registry has no schema with id 99"),
                        tuple(
                                2L,
                                Reason.UNDECLARED_TYPE,
                                "type shop.Review belongs to no stream of the topic; declared are shop.Business"),
                        tuple(3L, Reason.UNDECODABLE, "not a shop.Business: the record ends within a number"),
                        tuple(4L, Reason.UNDECODABLE, "not a shop.Business: its payload is encrypted (AES_MODE_CBC-1)"),
                        tuple(
                                5L,
                                Reason.UNFIT_VERSION,
                                "`unwrap: yelp` expects an envelope of uuid, message_type, schema_id, payload and"
                                        + " timestamp, as avro/Envelope.avsc, and shop.Business has id, stars"),
                        tuple(
                                6L,
                                Reason.UNDECODABLE,
                                "not a dev.leat.envelope.Envelope: the record ends 14 bytes early"));
        Rows rows = decoded.rows().getFirst();
        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.vector("id").objectAt(1)).isEqualTo("b");
        assertThat(rows.vector("_message_type").objectAt(1)).isEqualTo("create");
    }

    @Test
    void a_payloads_schema_that_the_registry_cannot_give_now_is_an_outage_and_the_run_may_come_again() {
        // Given
        TopicDecoder decoder = decoder(keyed());
        add("create", ID_OF_BUSINESS, business("a", 3), null, 1_700_000_000);
        decoder.decode(0, Records.of(records));
        registry.away = true;
        assertThat(decoder.decode(0, Records.of(records)).rows().getFirst().size())
                .isEqualTo(1);
        add("create", ID_OF_BUSINESS_2, business2("b", 3, "Ulm"), null, 1_700_000_001);
        assertThatThrownBy(() -> decoder.decode(0, Records.of(records))).isInstanceOf(RegistryOutage.class);

        // When
        registry.away = false;
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(decoded.rows().getFirst().size()).isEqualTo(2);
    }

    @Test
    void a_payloads_schema_that_was_unknown_is_known_when_the_registry_has_it() {
        // Given
        add("create", 5, business("a", 3), null, 1_700_000_000);
        TopicDecoder decoder = decoder(keyed());
        assertThat(decoder.decode(0, Records.of(records)).rejected()).hasSize(1);

        // When
        registry.byId.put(5L, BUSINESS);
        Decoded decoded = decoder.decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(decoded.rows().getFirst().size()).isEqualTo(1);
    }

    @Test
    void a_field_with_the_name_of_one_of_the_envelopes_columns_is_refused() {
        // Given
        Schema taken = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Business\", \"namespace\": \"shop\", \"fields\": ["
                        + "{\"name\": \"id\", \"type\": \"string\"}, {\"name\": \"_meta\", \"type\": \"string\"}]}");
        StreamContract source = new StreamContract(keyed());

        // When / Then
        assertThatThrownBy(() -> source.learn(taken))
                .isInstanceOf(ContractException.class)
                .hasMessage("column _meta of shop.Business has the name of one that `unwrap: yelp` makes");
    }

    @Test
    void the_contract_of_the_topics_subject_is_the_envelopes_and_says_nothing_of_the_row() {
        // Given
        StreamContract source = new StreamContract(keyed());

        // When
        source.learnSubject(ENVELOPE);

        // Then
        assertThat(source.shape()).isEmpty();
        assertThatThrownBy(() -> source.learnSubject(BUSINESS))
                .isInstanceOf(ContractException.class)
                .hasMessageStartingWith("`unwrap: yelp` expects an envelope");
    }

    private TopicDecoder decoder(Stream... streams) {
        return new TopicDecoder(
                ContractHistory.ofRegistry(registry),
                new WireFormat(Stream.Ids.DEFAULT),
                java.util.Arrays.stream(streams).map(StreamContract::new).toList());
    }

    private static Stream keyed() {
        return new StreamFixture("businesses", "topic")
                .type("shop.Business")
                .key("id")
                .eventTime("_sent_at")
                .unwrap(Stream.Unwrap.YELP)
                .build();
    }

    private static GenericRecord business(String id, Integer stars) {
        return new GenericRecordBuilder(BUSINESS)
                .set("id", id)
                .set("stars", stars)
                .build();
    }

    private static GenericRecord business2(String id, Integer stars, String city) {
        return new GenericRecordBuilder(BUSINESS_2)
                .set("id", id)
                .set("stars", stars)
                .set("city", city)
                .build();
    }

    private static GenericRecord review(String id) {
        return new GenericRecordBuilder(REVIEW).set("id", id).build();
    }

    private void add(String type, int schemaId, GenericRecord payload, GenericRecord previous, long seconds) {
        records.add(record(AvroBytes.framed(
                ID_OF_ENVELOPE,
                ENVELOPE,
                message(type, schemaId, payload, previous, seconds).build())));
    }

    private GenericRecordBuilder message(
            String type, int schemaId, GenericRecord payload, GenericRecord previous, long seconds) {
        Schema meta = AvroTypes.presentOf(ENVELOPE.getField("meta").schema());
        GenericRecord attribute = new GenericRecordBuilder(meta.getElementType())
                .set("schema_id", 9L)
                .set("payload", ByteBuffer.wrap(new byte[] {1, 2}))
                .build();
        return new GenericRecordBuilder(ENVELOPE)
                .set("uuid", new GenericData.Fixed(ENVELOPE.getField("uuid").schema(), uuid(7, records.size())))
                .set(
                        "message_type",
                        new GenericData.EnumSymbol(
                                ENVELOPE.getField("message_type").schema(), type))
                .set("schema_id", (long) schemaId)
                .set("payload", bytes(payload))
                .set("previous_payload", previous == null ? null : bytes(previous))
                .set("meta", previous == null ? null : List.of(attribute))
                .set("timestamp", seconds);
    }

    private static byte[] uuid(long most, long least) {
        return ByteBuffer.allocate(16).putLong(most).putLong(least).array();
    }

    private static ByteBuffer bytes(GenericRecord row) {
        return ByteBuffer.wrap(row == null ? new byte[0] : AvroBytes.of(row.getSchema(), row));
    }

    private ConsumerRecord<byte[], byte[]> record(byte[] value) {
        return new ConsumerRecord<>("topic", 0, records.size(), "k".getBytes(StandardCharsets.UTF_8), value);
    }

    private static Schema contract() {
        try {
            return new Schema.Parser().parse(Path.of("avro", "Envelope.avsc").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
