package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import io.apicurio.registry.serde.Legacy8ByteIdHandler;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What stands in front of a value, and what the schema that it names leads to. */
@ExtendWith(ProcessLogs.class)
class WireFormatsIT {

    private static final Schema PARCEL = new Schema.Parser()
            .parse("{\"type\": \"record\", \"name\": \"Parcel\", \"namespace\": \"shop\", \"fields\": ["
                    + "{\"name\": \"id\", \"type\": \"string\"}]}");
    private static final Schema STRANGER = new Schema.Parser()
            .parse("{\"type\": \"record\", \"name\": \"Stranger\", \"namespace\": \"shop\", \"fields\": ["
                    + "{\"name\": \"id\", \"type\": \"string\"}]}");

    @Test
    void apicurios_older_serdes_put_a_global_id_of_eight_bytes_in_front() {
        try (Scenario scenario = new Scenario(
                        "legacy",
                        name -> parcels(name, ", ids: {kind: global, bytes: 8}"),
                        name -> List.of(topic(name + ".parcels")));
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
                            "apicurio.registry.id-handler",
                            Legacy8ByteIdHandler.class.getName()),
                    false);
            String topic = scenario.name + ".parcels";
            scenario.start(Map.of()).awaitReady();

            // When
            byte[] value = apicurio.serialize(topic, parcel(PARCEL, "a"));
            send(producer, topic, value);
            send(producer, topic, apicurio.serialize(topic, parcel(PARCEL, "b")));

            // Then
            assertThat(ByteBuffer.wrap(value, 1, Long.BYTES).getLong()).isPositive();
            assertThat(value).hasSize(1 + Long.BYTES + 2);
            awaitParcels(scenario, "a|b");
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
        }
    }

    @Test
    void a_schema_refers_to_one_that_refers_to_another() {
        try (Scenario scenario = new Scenario(
                        "references", name -> parcels(name, ""), name -> List.of(topic(name + ".parcels")));
                KafkaProducer<byte[], byte[]> producer = producer(scenario)) {
            // Given
            String money = "{\"type\": \"record\", \"name\": \"Money\", \"namespace\": \"shop\", \"fields\": ["
                    + "{\"name\": \"cents\", \"type\": \"long\"}]}";
            String item = "{\"type\": \"record\", \"name\": \"Item\", \"namespace\": \"shop\", \"fields\": ["
                    + "{\"name\": \"name\", \"type\": \"string\"}, {\"name\": \"price\", \"type\": \"shop.Money\"}]}";
            String parcel = "{\"type\": \"record\", \"name\": \"Parcel\", \"namespace\": \"shop\", \"fields\": ["
                    + "{\"name\": \"id\", \"type\": \"string\"}, {\"name\": \"item\", \"type\": \"shop.Item\"}]}";
            String topic = scenario.name + ".parcels";
            Framed.register(scenario.stack, topic + "-money", money);
            Framed.register(scenario.stack, topic + "-item", item, Map.of("shop.Money", topic + "-money"));
            int id = Framed.register(scenario.stack, topic + "-value", parcel, Map.of("shop.Item", topic + "-item"));
            Schema.Parser parser = new Schema.Parser();
            Schema moneys = parser.parse(money);
            Schema items = parser.parse(item);
            Schema parcels = parser.parse(parcel);
            scenario.start(Map.of()).awaitReady();

            // When
            GenericRecord price =
                    new GenericRecordBuilder(moneys).set("cents", 1250L).build();
            GenericRecord book = new GenericRecordBuilder(items)
                    .set("name", "book")
                    .set("price", price)
                    .build();
            GenericRecord sent = new GenericRecordBuilder(parcels)
                    .set("id", "a")
                    .set("item", book)
                    .build();
            send(producer, topic, Framed.bytes(id, Framed.encoded(parcels, sent)));

            // Then
            awaitParcels(scenario, "a");
            assertThat(scenario.rows("SELECT item_name, item_price_cents FROM views.parcels_log"))
                    .containsExactly(List.of("book", 1250L));
        }
    }

    @Test
    void an_undeclared_type_stops_its_lane_until_it_is_declared() {
        try (Scenario scenario = new Scenario(
                        "undeclared",
                        name -> parcels(name, ", type: shop.Parcel, subject: topic-record, undeclared: stop"),
                        name -> List.of(topic(name + ".parcels")));
                KafkaProducer<byte[], byte[]> producer = producer(scenario)) {
            // Given
            String topic = scenario.name + ".parcels";
            int parcels = Framed.register(scenario.stack, topic + "-shop.Parcel", PARCEL.toString());
            int strangers = Framed.register(scenario.stack, topic + "-shop.Stranger", STRANGER.toString());
            LeatProcess leat = scenario.start(Map.of()).awaitReady();

            // When
            send(producer, topic, Framed.bytes(parcels, Framed.encoded(PARCEL, parcel(PARCEL, "a"))));
            send(producer, topic, Framed.bytes(strangers, Framed.encoded(STRANGER, parcel(STRANGER, "s"))));
            send(producer, topic, Framed.bytes(parcels, Framed.encoded(PARCEL, parcel(PARCEL, "b"))));

            // Then
            await().until(() -> leat.send("GET", "/q/health/ready").statusCode() == 503);
            assertThat(leat.send("GET", "/q/health/ready").body())
                    .contains(topic + "-0 offset 1", "shop.Stranger", "declare a stream of that type");
            awaitParcels(scenario, "a");
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();

            // When it is declared
            leat.kill9();
            String both = ", subject: topic-record, undeclared: stop";
            scenario.declare(parcels(scenario.name, ", type: shop.Parcel" + both)
                    .replace(
                            "views:",
                            "  strangers: {topic: " + topic + ", key: id, type: shop.Stranger" + both
                                    + "}\nviews:\n  strangers_log: {log: strangers}"));
            scenario.start(Map.of()).awaitReady();

            // Then
            awaitParcels(scenario, "a|b");
            assertThat(scenario.rows("SELECT id FROM views.strangers_log")).containsExactly(List.of("s"));
        }
    }

    private static String parcels(String name, String options) {
        return """
                streams:
                  parcels: {topic: %s.parcels, key: id%s}
                views:
                  parcels_log: {log: parcels}
                """.formatted(name, options);
    }

    private static GenericRecord parcel(Schema type, String id) {
        return new GenericRecordBuilder(type).set("id", id).build();
    }

    private static void awaitParcels(Scenario scenario, String expected) {
        await().ignoreExceptions().untilAsserted(() -> assertThat(
                        scenario.rows("SELECT string_agg(id, '|' ORDER BY _offset) FROM views.parcels_log"))
                .containsExactly(List.of(expected)));
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, byte[] value) {
        producer.send(new ProducerRecord<>(topic, 0, "k".getBytes(StandardCharsets.UTF_8), value));
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
}
