package dev.leat.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.Ids;
import dev.leat.pipeline.Stream.Undeclared;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.topic.Rejected.Reason;
import dev.leat.schema.types.AvroBytes;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.schema.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Several record types on one topic. */
class SeveralTypesTest {

    private static final Schema ORDER = type("Order", "order_id");
    private static final Schema PAYMENT = type("Payment", "payment_id");
    private static final Schema PARCEL = type("Parcel", "parcel_id");
    private static final Schema UNION = Schema.createUnion(Schema.create(Schema.Type.NULL), ORDER, PAYMENT, PARCEL);

    private final FakeRegistry registry = new FakeRegistry();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    @Test
    void interleaved_types_go_each_to_their_own_stream_in_order() {
        // Given
        registry.byId.put(1L, ORDER);
        registry.byId.put(2L, PAYMENT);
        registry.byId.put(3L, PARCEL);
        for (int i = 0; i < 4; i++) {
            add(1, ORDER, event(ORDER, "o" + i));
            add(2, PAYMENT, event(PAYMENT, "p" + i));
            add(3, PARCEL, event(PARCEL, "q" + i));
        }

        // When
        Decoded decoded =
                decoder(Undeclared.DEAD_LETTER, ORDER, PAYMENT, PARCEL).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(decoded.rows())
                .extracting(SeveralTypesTest::words)
                .containsExactly("o0@0|o1@3|o2@6|o3@9", "p0@1|p1@4|p2@7|p3@10", "q0@2|q1@5|q2@8|q3@11");
    }

    @Test
    void the_branches_of_a_union_go_each_to_their_own_stream_in_order() {
        // Given
        registry.byId.put(1L, UNION);
        add(1, UNION, event(PAYMENT, "p0"));
        add(1, UNION, event(ORDER, "o0"));
        add(1, UNION, event(ORDER, "o1"));
        add(1, UNION, event(PAYMENT, "p1"));
        add(1, UNION, null);
        records.add(record("k", new byte[] {0, 0, 0, 0, 1, 9}));

        // When
        Decoded decoded =
                decoder(Undeclared.DEAD_LETTER, ORDER, PAYMENT, PARCEL).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rows()).extracting(SeveralTypesTest::words).containsExactly("o0@1|o1@2", "p0@0|p1@3", "");
        assertThat(decoded.rejected())
                .extracting(Rejected::reason, Rejected::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Reason.EMPTY_VALUE, "the value is null"),
                        org.assertj.core.groups.Tuple.tuple(Reason.UNDECODABLE, "a union of 4 has branch -5"));
    }

    @Test
    void a_type_that_no_stream_declares_is_refused_or_passed_over() {
        // Given
        registry.byId.put(1L, ORDER);
        registry.byId.put(2L, PARCEL);
        registry.byId.put(3L, UNION);
        add(1, ORDER, event(ORDER, "o0"));
        add(2, PARCEL, event(PARCEL, "q0"));
        add(3, UNION, event(PARCEL, "q1"));
        add(3, UNION, event(ORDER, "o1"));

        // When
        Decoded refused = decoder(Undeclared.DEAD_LETTER, ORDER, PAYMENT).decode(0, Records.of(records));
        Decoded ignored = decoder(Undeclared.IGNORE, ORDER, PAYMENT).decode(0, Records.of(records));

        // Then
        assertThat(refused.rejected())
                .extracting(Rejected::offset, Rejected::reason, Rejected::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                1L,
                                Reason.UNDECLARED_TYPE,
                                "type t.Parcel belongs to no stream of the topic; declared are t.Order, t.Payment"),
                        org.assertj.core.groups.Tuple.tuple(
                                2L,
                                Reason.UNDECLARED_TYPE,
                                "type t.Parcel belongs to no stream of the topic; declared are t.Order, t.Payment"));
        assertThat(ignored.rejected()).isEmpty();
        assertThat(List.of(refused.others(), ignored.others())).containsOnly(Set.of("t.Parcel"));
        assertThat(ignored.rows()).extracting(SeveralTypesTest::words).containsExactly("o0@0|o1@3", "");
    }

    @Test
    void an_unfit_version_parks_its_own_stream_alone() {
        // Given
        Schema numbered = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Order\", \"namespace\": \"t\", \"fields\": ["
                        + "{\"name\": \"order_id\", \"type\": \"boolean\"}]}");
        registry.byId.put(1L, ORDER);
        registry.byId.put(2L, PAYMENT);
        registry.byId.put(3L, numbered);
        add(1, ORDER, event(ORDER, "o0"));
        add(
                3,
                numbered,
                new GenericRecordBuilder(numbered).set("order_id", true).build());
        add(2, PAYMENT, event(PAYMENT, "p0"));
        add(1, ORDER, event(ORDER, "o1"));

        // When
        Decoded decoded = decoder(Undeclared.DEAD_LETTER, ORDER, PAYMENT).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rows()).extracting(SeveralTypesTest::words).containsExactly("o0@0|o1@3", "p0@2");
        assertThat(decoded.rejected())
                .extracting(Rejected::stream, Rejected::offset, Rejected::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("Order", 1L, Reason.UNFIT_VERSION));
    }

    @Test
    void a_delete_is_for_the_streams_whose_key_it_can_be_read_as() {
        // Given
        Schema key = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"PaymentKey\", \"fields\": ["
                        + "{\"name\": \"payment_id\", \"type\": \"string\"}]}");
        registry.byId.put(1L, ORDER);
        registry.byId.put(2L, PAYMENT);
        registry.byId.put(3L, key);
        add(1, ORDER, event(ORDER, "o0"));
        add(2, PAYMENT, event(PAYMENT, "p0"));
        records.add(new ConsumerRecord<>(
                "topic",
                0,
                2,
                AvroBytes.framed(
                        3,
                        key,
                        new GenericRecordBuilder(key).set("payment_id", "p0").build()),
                null));

        // When
        Decoded decoded = decoder(Undeclared.DEAD_LETTER, ORDER, PAYMENT).decode(0, Records.of(records));

        // Then
        assertThat(decoded.rejected()).isEmpty();
        assertThat(decoded.rows()).extracting(SeveralTypesTest::words).containsExactly("o0@0", "p0@1|-p0@2");
    }

    @Test
    void a_stream_takes_its_type_out_of_the_union_that_is_its_topics_contract() {
        // Given
        StreamContract declared = new StreamContract(stream(PAYMENT, Undeclared.DEAD_LETTER));
        StreamContract undeclared = new StreamContract(new StreamFixture("s", "topic").build());
        StreamContract only = new StreamContract(new StreamFixture("s", "topic").build());

        // When
        declared.learnSubject(UNION);
        only.learnSubject(Schema.createUnion(Schema.create(Schema.Type.NULL), ORDER));

        // Then
        assertThat(declared.shape().orElseThrow().has("payment_id")).isTrue();
        assertThat(only.type()).contains("t.Order");
        assertThatThrownBy(() -> undeclared.learnSubject(UNION))
                .isInstanceOf(ContractException.class)
                .hasMessage("streams.s: the contract of topic topic is a union of t.Order, t.Payment, t.Parcel; say by"
                        + " `type:` which of them the stream is");
    }

    private TopicDecoder decoder(Undeclared policy, Schema... types) {
        List<StreamContract> sources = new ArrayList<>();
        for (Schema type : types) {
            sources.add(new StreamContract(stream(type, policy)));
        }
        return new TopicDecoder(ContractHistory.ofRegistry(registry), new WireFormat(Ids.DEFAULT), sources);
    }

    private static Stream stream(Schema type, Undeclared policy) {
        return new StreamFixture(type.getName(), "topic")
                .type(type.getFullName())
                .key(type.getFields().getFirst().name())
                .undeclared(policy)
                .build();
    }

    private static Schema type(String name, String key) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"" + name + "\", \"namespace\": \"t\", \"fields\": ["
                        + "{\"name\": \"" + key + "\", \"type\": \"string\"}]}");
    }

    private static GenericRecord event(Schema type, String id) {
        return new GenericRecordBuilder(type)
                .set(type.getFields().getFirst(), id)
                .build();
    }

    private void add(int id, Schema schema, GenericRecord value) {
        records.add(record("k", AvroBytes.framed(id, schema, value)));
    }

    private ConsumerRecord<byte[], byte[]> record(String key, byte[] value) {
        return new ConsumerRecord<>("topic", 0, records.size(), key.getBytes(StandardCharsets.UTF_8), value);
    }

    /** The key of each row and its offset, in order; deletes with a minus. */
    private static String words(Rows rows) {
        return IntStream.range(0, rows.size())
                .mapToObj(
                        row -> (rows.isDelete(row) ? "-" : "") + rows.vector(0).objectAt(row) + "@" + rows.offset(row))
                .collect(Collectors.joining("|"));
    }
}
