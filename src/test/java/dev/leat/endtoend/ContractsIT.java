package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What topics of other houses look like: several types on one, unions with references, headers, change events. */
@ExtendWith(ProcessLogs.class)
class ContractsIT {

    private static final int EACH = 20;

    @Test
    void interleaved_types_go_each_to_their_own_views_and_lake_in_order() {
        try (Scenario scenario = new Scenario(
                        "types", ContractsIT::shop, name -> List.of(topic(name + ".shop"), topic(name + ".union")));
                KafkaProducer<byte[], byte[]> producer = producer(scenario)) {
            // Given three types under subjects of their own, and two that a union refers to
            Schema order = type("Order", "order_id");
            Schema payment = type("Payment", "payment_id");
            Schema parcel = type("Parcel", "parcel_id");
            Schema stranger = type("Stranger", "stranger_id");
            String shop = scenario.name + ".shop";
            String union = scenario.name + ".union";
            int orders = register(scenario, shop + "-shop.Order", order);
            int payments = register(scenario, shop + "-shop.Payment", payment);
            int parcels = register(scenario, shop + "-shop.Parcel", parcel);
            int strangers = register(scenario, shop + "-shop.Stranger", stranger);
            int either = Framed.register(
                    scenario.stack,
                    union + "-value",
                    "[\"shop.Order\", \"shop.Payment\"]",
                    Map.of("shop.Order", shop + "-shop.Order", "shop.Payment", shop + "-shop.Payment"));
            Schema unionSchema = Schema.createUnion(order, payment);
            scenario.start(Map.of()).awaitReady();

            // When
            for (int i = 0; i < EACH; i++) {
                send(producer, shop, "k", Framed.bytes(orders, Framed.encoded(order, event(order, "o" + i))));
                send(producer, shop, "k", Framed.bytes(payments, Framed.encoded(payment, event(payment, "p" + i))));
                send(producer, shop, "k", Framed.bytes(strangers, Framed.encoded(stranger, event(stranger, "s" + i))));
                send(producer, shop, "k", Framed.bytes(parcels, Framed.encoded(parcel, event(parcel, "q" + i))));
                send(producer, union, "k", Framed.bytes(either, Framed.encoded(unionSchema, event(payment, "p" + i))));
                send(producer, union, "k", Framed.bytes(either, Framed.encoded(unionSchema, event(order, "o" + i))));
            }

            // Then
            awaitLog(scenario, "orders", "order_id", numbered("o"));
            awaitLog(scenario, "payments", "payment_id", numbered("p"));
            awaitLog(scenario, "parcels", "parcel_id", numbered("q"));
            awaitLog(scenario, "union_orders", "order_id", numbered("o"));
            awaitLog(scenario, "union_payments", "payment_id", numbered("p"));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            for (String stream : List.of("orders", "payments", "parcels")) {
                String key = stream.substring(0, stream.length() - 1) + "_id";
                String letter =
                        Map.of("orders", "o", "payments", "p", "parcels", "q").get(stream);
                await().ignoreExceptions().untilAsserted(() -> assertThat(scenario.duckdb(
                                stream, "SELECT string_agg(" + key + ", '|' ORDER BY _offset) FROM LAKE"))
                        .containsExactly(List.of(numbered(letter))));
            }
            for (String topic : List.of(shop, union)) {
                await().ignoreExceptions().untilAsserted(() -> assertThat(scenario.rows(
                                "SELECT partition, next_offset FROM leat.checkpoint WHERE topic = '" + topic + "'"))
                        .isEqualTo(ExactlyOnce.endOffsets(scenario, topic)));
            }
        }
    }

    @Test
    void change_events_become_rows_and_deletes() {
        try (Scenario scenario =
                        new Scenario("debezium", ContractsIT::customers, name -> List.of(topic(name + ".customers")));
                KafkaProducer<byte[], byte[]> producer = producer(scenario)) {
            // Given
            Schema envelope = new Schema.Parser().parse("""
                    {"type": "record", "name": "Envelope", "namespace": "shop.customers", "fields": [
                      {"name": "before", "default": null, "type": ["null", {"type": "record", "name": "Value",
                        "fields": [{"name": "id", "type": "long"}, {"name": "name", "type": ["null", "string"]}]}]},
                      {"name": "after", "type": ["null", "Value"], "default": null},
                      {"name": "source", "type": {"type": "record", "name": "Source", "fields": [
                        {"name": "version", "type": "string"}, {"name": "ts_ms", "type": "long"}]}},
                      {"name": "op", "type": "string"},
                      {"name": "ts_ms", "type": ["null", "long"], "default": null}]}
                    """);
            Schema key = new Schema.Parser()
                    .parse("{\"type\": \"record\", \"name\": \"Key\", \"namespace\": \"shop.customers\","
                            + " \"fields\": [{\"name\": \"id\", \"type\": \"long\"}]}");
            String topic = scenario.name + ".customers";
            Changes changes = new Changes(
                    producer,
                    topic,
                    envelope,
                    register(scenario, topic + "-value", envelope),
                    key,
                    register(scenario, topic + "-key", key));
            scenario.start(Map.of()).awaitReady();

            // When
            changes.send("r", 1, null, "Ann");
            changes.send("r", 2, null, "Bob");
            changes.send("c", 3, null, "Cem");
            changes.send("u", 1, "Ann", "Anna");
            changes.send("d", 2, "Bob", null);
            changes.sendTombstone(2);
            changes.send("d", 3, null, null);
            changes.send("c", 3, null, "Dee");

            // Then
            await().ignoreExceptions().untilAsserted(() -> assertThat(
                            scenario.rows("SELECT id, name, _op FROM views.customers_latest ORDER BY id"))
                    .containsExactly(List.of(1L, "Anna", "u"), List.of(3L, "Dee", "c")));
            assertThat(
                            scenario.rows(
                                    "SELECT string_agg(id || coalesce(_op, '-'), '|' ORDER BY _offset) FROM views.customers_log"))
                    .containsExactly(List.of("1r|2r|3c|1u|2-|2-|3-|3c"));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertThat(scenario.rows("SELECT partition, next_offset FROM leat.checkpoint"))
                    .isEqualTo(ExactlyOnce.endOffsets(scenario, topic));
        }
    }

    @Test
    void apicurios_serializer_names_its_schema_in_a_header_by_global_id_and_a_long_deletes() {
        try (Scenario scenario =
                        new Scenario("headers", ContractsIT::parcels, name -> List.of(topic(name + ".parcels")));
                KafkaProducer<byte[], byte[]> producer = producer(scenario);
                AvroKafkaSerializer<GenericRecord> apicurio = new AvroKafkaSerializer<>()) {
            // Given
            apicurio.configure(
                    Map.of(
                            "apicurio.registry.url",
                            scenario.stack.registry() + "/apis/registry/v3",
                            "apicurio.registry.auto-register",
                            true,
                            "apicurio.registry.use-id",
                            "globalId",
                            "apicurio.registry.headers.enabled",
                            true),
                    false);
            Schema schema = new Schema.Parser()
                    .parse("{\"type\": \"record\", \"name\": \"Parcel\", \"namespace\": \"shop\", \"fields\": ["
                            + "{\"name\": \"id\", \"type\": \"long\"}, {\"name\": \"to\", \"type\": \"string\"}]}");
            String topic = scenario.name + ".parcels";
            LongSerializer longs = new LongSerializer();
            scenario.start(Map.of()).awaitReady();

            // When
            for (long id : List.of(1L, 2L)) {
                RecordHeaders headers = new RecordHeaders();
                GenericRecord parcel = new GenericRecordBuilder(schema)
                        .set("id", id)
                        .set("to", "town " + id)
                        .build();
                byte[] value = apicurio.serialize(topic, headers, parcel);
                producer.send(new ProducerRecord<>(topic, 0, longs.serialize(topic, id), value, headers));
            }
            producer.send(new ProducerRecord<>(topic, 0, longs.serialize(topic, 1L), null));

            // Then
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(scenario.rows("SELECT id, \"to\" FROM views.parcels_latest"))
                            .containsExactly(List.of(2L, "town 2")));
            assertThat(scenario.rows("SELECT id, _deleted FROM views.parcels_log ORDER BY _offset"))
                    .containsExactly(List.of(1L, false), List.of(2L, false), List.of(1L, true));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
        }
    }

    private static String shop(String name) {
        return """
                streams:
                  orders:
                    {topic: %1$s.shop, type: shop.Order, key: order_id, subject: topic-record, undeclared: ignore,
                     lake: {roll: {every: 1s}}}
                  payments:
                    {topic: %1$s.shop, type: shop.Payment, key: payment_id, subject: topic-record, undeclared: ignore,
                     lake: {roll: {every: 1s}}}
                  parcels:
                    {topic: %1$s.shop, type: shop.Parcel, key: parcel_id, subject: topic-record, undeclared: ignore,
                     lake: {roll: {every: 1s}}}
                  union_orders: {topic: %1$s.union, type: shop.Order, key: order_id}
                  union_payments: {topic: %1$s.union, type: shop.Payment, key: payment_id}
                views:
                  orders_log: {log: orders}
                  payments_log: {log: payments}
                  parcels_log: {log: parcels}
                  union_orders_log: {log: union_orders}
                  union_payments_log: {log: union_payments}
                """.formatted(name);
    }

    private static String customers(String name) {
        return """
                streams:
                  customers:
                    {topic: %s.customers, key: id, event-time: _source_at, unwrap: debezium}
                views:
                  customers_latest: {latest: customers}
                  customers_log: {log: customers}
                """.formatted(name);
    }

    private static String parcels(String name) {
        return """
                streams:
                  parcels: {topic: %s.parcels, key: id, key-format: long}
                views:
                  parcels_latest: {latest: parcels}
                  parcels_log: {log: parcels}
                """.formatted(name);
    }

    /** Change events of a table, their source times a second apart. */
    private static final class Changes {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private final Schema envelope;
        private final int envelopeId;
        private final Schema key;
        private final int keyId;
        private long at = 1_700_000_000_000L;

        Changes(
                KafkaProducer<byte[], byte[]> producer,
                String topic,
                Schema envelope,
                int envelopeId,
                Schema key,
                int keyId) {
            this.producer = producer;
            this.topic = topic;
            this.envelope = envelope;
            this.envelopeId = envelopeId;
            this.key = key;
            this.keyId = keyId;
        }

        void send(String operation, long id, String before, String after) {
            at += 1000;
            GenericRecord source = new GenericRecordBuilder(
                            envelope.getField("source").schema())
                    .set("version", "3.0")
                    .set("ts_ms", at)
                    .build();
            GenericRecord change = new GenericRecordBuilder(envelope)
                    .set("before", row(id, before))
                    .set("after", row(id, after))
                    .set("source", source)
                    .set("op", operation)
                    .set("ts_ms", at)
                    .build();
            producer.send(new ProducerRecord<>(
                    topic, 0, key(id), Framed.bytes(envelopeId, Framed.encoded(envelope, change))));
        }

        void sendTombstone(long id) {
            producer.send(new ProducerRecord<>(topic, 0, key(id), null));
        }

        private GenericRecord row(long id, String name) {
            Schema row = envelope.getField("after").schema().getTypes().get(1);
            return name == null
                    ? null
                    : new GenericRecordBuilder(row)
                            .set("id", id)
                            .set("name", name)
                            .build();
        }

        private byte[] key(long id) {
            return Framed.bytes(
                    keyId,
                    Framed.encoded(
                            key, new GenericRecordBuilder(key).set("id", id).build()));
        }
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, 1, (short) 1);
    }

    private static KafkaProducer<byte[], byte[]> producer(Scenario scenario) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", scenario.stack.kafka()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), value));
    }

    private static int register(Scenario scenario, String subject, Schema schema) {
        return Framed.register(scenario.stack, subject, schema.toString());
    }

    private static Schema type(String name, String key) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"" + name + "\", \"namespace\": \"shop\", \"fields\": ["
                        + "{\"name\": \"" + key + "\", \"type\": \"string\"}]}");
    }

    private static GenericRecord event(Schema type, String id) {
        return new GenericRecordBuilder(type)
                .set(type.getFields().getFirst(), id)
                .build();
    }

    private static void awaitLog(Scenario scenario, String stream, String key, String expected) {
        await().ignoreExceptions().untilAsserted(() -> assertThat(scenario.rows(
                        "SELECT string_agg(" + key + ", '|' ORDER BY _offset) FROM views." + stream + "_log"))
                .containsExactly(List.of(expected)));
    }

    private static String numbered(String letter) {
        return IntStream.range(0, EACH).mapToObj(i -> letter + i).collect(Collectors.joining("|"));
    }
}
