package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A producer whose subject has no rule changes a text to a number: no column holds both. */
@ExtendWith(ProcessLogs.class)
class UnfitVersionIT {

    private static final Schema ORDER = type("Order", "{\"name\": \"size\", \"type\": \"string\"}");
    private static final Schema NUMBERED = type("Order", "{\"name\": \"size\", \"type\": \"int\"}");
    private static final Schema PAYMENT = type("Payment", "{\"name\": \"sum\", \"type\": \"int\"}");

    @Test
    void a_version_that_fits_no_column_is_parked_alone_until_the_views_are_declared_anew() {
        try (Scenario scenario = new Scenario(
                        "unfit", name -> shop(name, "orders"), name -> List.of(new NewTopic(name, 1, (short) 1)));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", scenario.stack.kafka()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            // Given
            int orders = Framed.register(scenario.stack, scenario.name + "-shop.Order", ORDER.toString());
            int payments = Framed.register(scenario.stack, scenario.name + "-shop.Payment", PAYMENT.toString());
            LeatProcess first = scenario.start(Map.of()).awaitReady();
            send(producer, scenario, orders, ORDER, "o1", "small");
            send(producer, scenario, payments, PAYMENT, "p1", 1);
            awaitLog(scenario, "orders", "id || size", "o1small");
            assertThat(first.get("/api/streams/orders").get("state").asText()).isEqualTo("flowing");

            // When
            int numbered = Framed.register(scenario.stack, scenario.name + "-shop.Order", NUMBERED.toString());
            send(producer, scenario, numbered, NUMBERED, "o2", 2);
            send(producer, scenario, payments, PAYMENT, "p2", 2);
            send(producer, scenario, orders, ORDER, "o3", "large");
            send(producer, scenario, numbered, NUMBERED, "o4", 4);
            send(producer, scenario, payments, PAYMENT, "p3", 3);

            // Then the others go on, also those of the other version, and the state says why
            awaitLog(scenario, "payments", "id || sum", "p11|p22|p33");
            awaitLog(scenario, "orders", "id || size", "o1small|o3large");
            assertThat(scenario.rows("SELECT stream, reason, \"offset\" FROM leat.dead_letter ORDER BY \"offset\""))
                    .containsExactly(List.of("orders", "UNFIT_VERSION", 2L), List.of("orders", "UNFIT_VERSION", 5L));
            JsonNode parked = first.get("/api/streams/orders");
            assertThat(parked.get("state").asText()).isEqualTo("parked");
            assertThat(parked.at("/unfit_versions/0/schema_id").asInt()).isEqualTo(numbered);
            assertThat(parked.at("/unfit_versions/0/dead_letters").asInt()).isEqualTo(2);
            assertThat(parked.at("/unfit_versions/0/message").asText())
                    .isEqualTo("shop.Order with id " + numbered + " is unfit for the stream: field size is integer, but"
                            + " its column is text and can't hold it; to make room for it, give the stream's views other"
                            + " names, restart, and redrive its dead letters");
            assertThat(first.get("/api/streams/payments").get("state").asText()).isEqualTo("flowing");
            assertThat(first.get("/api/streams/orders/schema")
                            .at("/versions/1/problem")
                            .asText())
                    .isEqualTo("field size is integer, but its column is text and can't hold it");

            // When it starts anew, where that version is the newest
            first.terminate();
            LeatProcess second = scenario.start(Map.of()).awaitReady();
            send(producer, scenario, orders, ORDER, "o5", "small");
            send(producer, scenario, payments, PAYMENT, "p4", 4);

            // Then
            awaitLog(scenario, "orders", "id || size", "o1small|o3large|o5small");
            awaitLog(scenario, "payments", "id || sum", "p11|p22|p33|p44");

            // When there is room for it
            second.terminate();
            scenario.declare(shop(scenario.name, "sizes"));
            LeatProcess third = scenario.start(Map.of()).awaitReady();
            JsonNode outcome = third.post("/api/dead-letters/redrive?stream=orders&reason=UNFIT_VERSION");
            send(producer, scenario, numbered, NUMBERED, "o6", 6);

            // Then
            assertThat(outcome.get("redriven").asInt())
                    .describedAs(outcome.toString())
                    .isEqualTo(2);
            awaitLog(scenario, "sizes", "id || size", "o22|o44|o66");
            assertThat(scenario.rows("SELECT data_type FROM information_schema.columns WHERE table_name = 'sizes_log'"
                            + " AND column_name = 'size'"))
                    .containsExactly(List.of("integer"));
            await().untilAsserted(() -> assertThat(
                            third.get("/api/streams/orders").get("state").asText())
                    .isEqualTo("flowing"));
        }
    }

    private static String shop(String name, String view) {
        return """
                streams:
                  orders: {topic: %1$s, type: shop.Order, key: id, subject: topic-record}
                  payments: {topic: %1$s, type: shop.Payment, key: id, subject: topic-record}
                views:
                  %2$s_log: {log: orders}
                  payments_log: {log: payments}
                """.formatted(name, view);
    }

    private static Schema type(String name, String field) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"" + name + "\", \"namespace\": \"shop\", \"fields\": ["
                        + "{\"name\": \"id\", \"type\": \"string\"}, " + field + "]}");
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            Scenario scenario,
            int schemaId,
            Schema schema,
            String id,
            Object value) {
        var record = new GenericRecordBuilder(schema)
                .set("id", id)
                .set(schema.getFields().getLast(), value)
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        producer.send(new ProducerRecord<>(
                scenario.name, 0, id.getBytes(StandardCharsets.UTF_8), Framed.bytes(schemaId, out.toByteArray())));
    }

    private static void awaitLog(Scenario scenario, String view, String expression, String expected) {
        await().ignoreExceptions().untilAsserted(() -> assertThat(scenario.rows(
                        "SELECT string_agg(" + expression + ", '|' ORDER BY _offset) FROM views." + view + "_log"))
                .containsExactly(List.of(expected)));
    }
}
