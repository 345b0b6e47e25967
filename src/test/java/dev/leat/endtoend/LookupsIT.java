package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orders that are looked up among prices, and outrun them. */
@ExtendWith(ProcessLogs.class)
class LookupsIT {

    private static final int PRICE_PARTITIONS = 2;
    private static final String PIPELINE = """
            streams:
              prices: {topic: %1$s.prices, key: id, event-time: _timestamp}
              orders: {topic: %1$s.orders, key: id, event-time: _timestamp%2$s}
            views:
              prices_now: {latest: prices}
              at_once: {sql: "SELECT o.id, p.number AS price FROM orders o LEFT JOIN prices_now p ON p.id = o.item"}
            """;
    private static final String WAITING = """
              waiting: {wait: 1h, sql: "SELECT o.id, p.number AS price FROM orders o LEFT JOIN prices_now p ON p.id = o.item"}
              shares: {wait: 1h, append: true, sql: "SELECT o.id, 100 / p.number AS share FROM orders o JOIN prices_now p ON p.id = o.item"}
            """;

    @Test
    void orders_that_outrun_prices_find_none_at_once_and_all_if_they_wait() {
        try (Shop shop = new Shop("wait", ", on-poison: skip", WAITING)) {
            // Given
            LeatProcess leat =
                    shop.scenario.start(Map.of(Scenario.INSTANCE, "shop")).awaitReady();
            long began = System.currentTimeMillis() - 600_000;
            for (int i = 0; i < 10; i++) {
                shop.send("orders", 0, began + i, "o" + i, "p" + i, 1);
            }
            await().until(() -> shop.scenario.count("SELECT count(*) FROM views.at_once") == 10);
            assertThat(shop.scenario.rows("SELECT count(price) FROM views.at_once"))
                    .as("orders that were applied at once")
                    .containsExactly(List.of(0L));
            assertThat(shop.scenario.rows("SELECT count(*) FROM views.waiting")).containsExactly(List.of(0L));
            await().until(() ->
                    leat.send("GET", "/q/metrics").body().contains("leat_events_waiting{view=\"waiting\"} 10.0"));

            // When the process is killed, and prices come
            leat.kill9();
            LeatProcess again =
                    shop.scenario.start(Map.of(Scenario.INSTANCE, "shop")).awaitReady();
            for (int i = 0; i < 10; i++) {
                shop.send("prices", i % PRICE_PARTITIONS, began, "p" + i, "", i);
            }
            for (int partition = 0; partition < PRICE_PARTITIONS; partition++) {
                shop.send("prices", partition, began + 60_000, "tick" + partition, "", 1);
            }

            // Then
            await().until(() -> shop.scenario.count("SELECT count(*) FROM views.waiting") == 10);
            assertThat(shop.scenario.rows("SELECT count(*) FROM views.waiting WHERE 'o' || price = id"))
                    .containsExactly(List.of(10L));
            assertThat(shop.scenario.rows("SELECT count(price) FROM views.at_once"))
                    .containsExactly(List.of(0L));
            assertThat(again.get("/api/views/waiting/watermarks")
                            .get("streams")
                            .get(0)
                            .get("stream")
                            .asText())
                    .isEqualTo("prices");

            // When what a view has refused then is mended
            await().until(() -> shop.scenario.count("SELECT count(*) FROM leat.dead_letter") == 1);
            assertThat(shop.scenario.rows("SELECT count(*) FROM views.shares")).containsExactly(List.of(9L));
            JsonNode letter = again.get("/api/dead-letters").get("dead_letters").get(0);
            assertThat(letter.get("view").asText()).isEqualTo("shares");
            assertThat(letter.get("message").asText()).contains("division by zero");
            shop.send("prices", 0, began + 70_000, "p0", "", 5);
            await().until(() -> shop.scenario.count("SELECT number FROM views.prices_now WHERE id = 'p0'") == 5);
            again.post("/api/dead-letters/redrive?view=shares");

            // Then
            await().until(() -> shop.scenario.count("SELECT share FROM views.shares WHERE id = 'o0'") == 20);
            assertThat(shop.scenario.rows("SELECT * FROM leat.waiting_event")).isEmpty();
            assertThat(shop.scenario.count("SELECT count(*) FROM views.shares")).isEqualTo(10);
        }
    }

    @Test
    void orders_whose_topic_is_read_for_the_first_time_find_the_prices_that_are_read_first() throws SQLException {
        try (Shop shop = new Shop("after", ", after: prices", "")) {
            // Given full topics, and prices that can't be read on
            String pipeline = shop.scenario.declared();
            shop.scenario.declare(pipeline.replaceAll("(?m)^.*orders.*\n", ""));
            LeatProcess first = shop.scenario.start(Map.of()).awaitReady();
            await().until(() -> shop.scenario.count("SELECT count(*) FROM leat.checkpoint") == PRICE_PARTITIONS
                    && shop.scenario.rows("SELECT * FROM leat.view").size() == 1);
            first.terminate();
            long now = System.currentTimeMillis();
            for (int i = 0; i < 10; i++) {
                shop.send("orders", 0, now, "o" + i, "p" + i, 1);
                shop.send("prices", i % PRICE_PARTITIONS, now, "p" + i, "", i);
            }
            shop.producer.flush();
            LeatProcess leat;
            try (Connection locked = DriverManager.getConnection(
                            shop.scenario.database.jdbcUrl(),
                            shop.scenario.database.user(),
                            shop.scenario.database.password());
                    Statement lock = locked.createStatement()) {
                locked.setAutoCommit(false);
                lock.execute("LOCK TABLE views.prices_now IN EXCLUSIVE MODE");

                // When
                leat = shop.scenario.declare(pipeline).start(Map.of());
                await().until(() -> leat.log().contains("reads after " + shop.scenario.name)
                        || shop.scenario.count("SELECT count(*) FROM views.at_once") == 10);
                assertThat(shop.scenario.count("SELECT count(*) FROM views.at_once"))
                        .isZero();
            }

            // Then
            await().until(() -> shop.scenario.count("SELECT count(*) FROM views.at_once") == 10);
            assertThat(shop.scenario.rows("SELECT count(*) FROM views.at_once WHERE 'o' || price = id"))
                    .containsExactly(List.of(10L));
        }
    }

    /** Topics of orders and of prices, each an id, what it is of, and a number. */
    private static final class Shop implements AutoCloseable {

        private static final Schema ITEM = new Schema.Parser().parse("""
                {"type": "record", "name": "Item", "namespace": "dev.leat.shop", "fields": [
                 {"name": "id", "type": "string"}, {"name": "item", "type": "string"}, {"name": "number", "type": "long"}]}""");

        final Scenario scenario;
        final KafkaProducer<byte[], byte[]> producer;
        private final Map<String, Integer> schemas = new HashMap<>();

        /** @param orders further settings of their stream, in YAML */
        Shop(String name, String orders, String views) {
            scenario = new Scenario(
                    name,
                    run -> PIPELINE.formatted(run, orders) + views,
                    run -> List.of(
                            new NewTopic(run + ".prices", PRICE_PARTITIONS, (short) 1),
                            new NewTopic(run + ".orders", 1, (short) 1)));
            for (String topic : List.of("prices", "orders")) {
                schemas.put(
                        topic,
                        Framed.register(scenario.stack, scenario.name + "." + topic + "-value", ITEM.toString()));
            }
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", scenario.stack.kafka()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }

        void send(String topic, int partition, long timestamp, String id, String of, long number) {
            var item = new GenericRecordBuilder(ITEM)
                    .set("id", id)
                    .set("item", of)
                    .set("number", number)
                    .build();
            producer.send(new ProducerRecord<>(
                    scenario.name + "." + topic,
                    partition,
                    timestamp,
                    id.getBytes(StandardCharsets.UTF_8),
                    Framed.bytes(schemas.get(topic), Framed.encoded(ITEM, item))));
        }

        @Override
        public void close() {
            producer.close();
            scenario.close();
        }
    }
}
