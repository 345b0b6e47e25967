package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import io.smallrye.reactive.messaging.kafka.companion.KafkaCompanion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of events that can't be applied: they park their key, are looked at, redriven, evicted, copied. */
@ExtendWith(ProcessLogs.class)
class DeadLettersIT {

    private static final String LOG =
            "SELECT string_agg(word, '|' ORDER BY _partition, _offset) FROM views.words_log WHERE id = '%s'";

    @Test
    void a_parked_key_waits_in_order_while_others_go_on_and_is_right_after_a_redrive() {
        try (Scenario scenario = new Scenario("park");
                Words words = new Words(scenario, 2, Map.of(), ", on-poison: park, lake: {roll: {every: 1s}}")) {
            // Given views that can't hold the first event of a key
            LeatProcess leat = scenario.start(Map.of()).awaitReady();
            words.producer(Map.of());
            words.send(0, "b", "b0");
            awaitLog(scenario, "b", "b0");
            scenario.execute("ALTER TABLE views.words_log ADD CONSTRAINT short CHECK (length(word) < 4)");
            scenario.execute("ALTER TABLE views.words_latest ADD CONSTRAINT short CHECK (length(word) < 4)");
            scenario.execute("CREATE TABLE public.applied (n bigserial, id text, word text)");
            scenario.execute("CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " INSERT INTO public.applied (id, word) VALUES (NEW.id, NEW.word); RETURN NEW; END $$");
            scenario.execute(
                    "CREATE TRIGGER note AFTER INSERT ON views.words_log FOR EACH ROW EXECUTE FUNCTION public.note()");

            // When
            words.send(0, "a", "too long");
            // Alone in its batch: a state that is overwritten within its batch isn't held against a view.
            await().until(() -> scenario.count("SELECT count(*) FROM leat.dead_letter") == 2);
            for (int i = 1; i <= 10; i++) {
                words.send(0, "a", "a" + i);
                words.send(0, "b", "b" + i);
            }
            awaitLog(scenario, "b", "b0|" + numbered("b", 10));

            // Then the key waits
            assertThat(log(scenario, "a")).isNull();
            assertThat(scenario.rows("SELECT id, word FROM views.words_latest")).containsExactly(List.of("b", "b10"));
            JsonNode letters = leat.get("/api/dead-letters?stream=words").get("dead_letters");
            assertThat(texts(letters, "view")).containsExactlyInAnyOrder("words_latest", "words_log");
            JsonNode letter = leat.get("/api/dead-letters/" + letters.get(0).get("id"));
            assertThat(letter.get("parked_events").asInt()).isEqualTo(10);
            assertThat(letter.get("parks").asBoolean()).isTrue();
            assertThat(letter.get("decoded_value").get("json").get("word").asText())
                    .isEqualTo("too long");
            assertThat(letter.get("decoded_key").get("text").asText()).isEqualTo("a");
            assertThat(letter.get("message").asText()).contains("violates check constraint \"short\"");

            // When it is redriven in vain
            JsonNode inVain = leat.post("/api/dead-letters/redrive?stream=words");

            // Then it waits on, and counts the attempts
            assertThat(inVain.get("rejected").asInt()).isEqualTo(2);
            assertThat(inVain.get("released").asInt()).isZero();
            assertThat(scenario.rows("SELECT DISTINCT attempts FROM leat.dead_letter"))
                    .containsExactly(List.of(2));
            assertThat(log(scenario, "a")).isNull();

            // When the views are mended, and another process, which takes nothing in, redrives
            scenario.execute("ALTER TABLE views.words_log DROP CONSTRAINT short");
            scenario.execute("ALTER TABLE views.words_latest DROP CONSTRAINT short");
            LeatProcess other = scenario.start(Map.of("leat.roles", "query")).awaitReady();
            JsonNode outcome = other.post("/api/dead-letters/redrive?stream=words");
            words.send(0, "a", "a11");
            awaitLog(scenario, "a", "too long|" + numbered("a", 11));

            // Then
            assertThat(outcome.get("redriven").asInt()).isEqualTo(2);
            assertThat(outcome.get("released").asInt()).isEqualTo(20);
            assertThat(scenario.rows("SELECT string_agg(word, '|' ORDER BY n) FROM public.applied WHERE id = 'a'"))
                    .describedAs("the order in which they were applied")
                    .containsExactly(List.of("too long|" + numbered("a", 11)));
            await().untilAsserted(() -> assertThat(scenario.rows("SELECT id, word FROM views.words_latest ORDER BY 1"))
                    .containsExactly(List.of("a", "a11"), List.of("b", "b10")));
            assertThat(scenario.count("SELECT count(*) FROM leat.parked_event")).isZero();
            assertThat(leat.get("/api/dead-letters").get("dead_letters")).isEmpty();
            assertThat(leat.get("/api/dead-letters?state=redriven").get("dead_letters"))
                    .hasSize(2);
            await().untilAsserted(() -> assertThat(scenario.duckdb("words", "SELECT count(*) FROM LAKE"))
                    .containsExactly(List.of(23L)));
            assertThat(scenario.rows("SELECT partition, next_offset FROM leat.checkpoint ORDER BY 1"))
                    .isEqualTo(ExactlyOnce.endOffsets(scenario, words.topic));
        }
    }

    @Test
    void an_event_of_a_type_that_was_not_declared_is_applied_once_it_is() {
        try (Scenario scenario = new Scenario("undeclared");
                Words words = new Words(scenario, 1, Map.of(), ", lake: {roll: {every: 1s}}")) {
            // Given
            LeatProcess leat = scenario.start(Map.of()).awaitReady();
            int schema = Framed.register(
                    scenario.stack,
                    scenario.name + ".numbers-value",
                    "{\"type\": \"record\", \"name\": \"Count\", \"namespace\": \"dev.leat.words\","
                            + " \"fields\": [{\"name\": \"id\", \"type\": \"string\"}, {\"name\": \"count\", \"type\": \"int\"}]}");
            var producer = words.producer(Map.of());
            words.send(0, "a", "one");
            for (int i = 0; i < 3; i++) {
                // a text of one character, and a number of one byte
                producer.send(new ProducerRecord<>(words.topic, 0, bytes("k" + i), Framed.bytes(schema, new byte[] {
                    2, (byte) ('x' + i), (byte) (2 * i)
                })));
            }
            int flags = Framed.register(
                    scenario.stack,
                    scenario.name + ".flags-value",
                    "{\"type\": \"record\", \"name\": \"Flag\", \"namespace\": \"dev.leat.words\","
                            + " \"fields\": [{\"name\": \"id\", \"type\": \"string\"}]}");
            producer.send(
                    new ProducerRecord<>(words.topic, 0, bytes("f"), Framed.bytes(flags, new byte[] {2, (byte) 'f'})));
            words.send(0, "a", "two");
            awaitLog(scenario, "a", "one|two");
            assertThat(texts(leat.get("/api/dead-letters").get("dead_letters"), "reason"))
                    .containsExactly("UNDECLARED_TYPE", "UNDECLARED_TYPE", "UNDECLARED_TYPE", "UNDECLARED_TYPE");
            leat.terminate();

            // When
            scenario.declare("""
                    streams:
                      words: {topic: %1$s, contract: %2$s, key: id, lake: {roll: {every: 1s}}}
                      counts: {topic: %1$s, type: dev.leat.words.Count, key: id, lake: {roll: {every: 1s}}}
                      flags: {topic: %1$s, type: dev.leat.words.Flag, key: id}
                    views:
                      words_latest: {latest: words}
                      words_log: {log: words}
                      counts_latest: {latest: counts}
                      flags_log: {log: flags}
                    """.formatted(words.topic, scenario.folder.resolve("word.avsc")));
            LeatProcess again = scenario.start(Map.of()).awaitReady();
            JsonNode outcome = again.post("/api/dead-letters/redrive?reason=UNDECLARED_TYPE");
            JsonNode none = again.post("/api/dead-letters/redrive?reason=UNDECLARED_TYPE");

            // Then
            assertThat(outcome.get("redriven").asInt()).isEqualTo(4);
            assertThat(outcome.get("duplicates").asInt()).isZero();
            assertThat(scenario.rows("SELECT id FROM views.flags_log")).containsExactly(List.of("f"));
            assertThat(none.get("redriven").asInt()).isZero();
            assertThat(scenario.rows("SELECT id, count FROM views.counts_latest ORDER BY 1"))
                    .containsExactly(List.of("x", 0), List.of("y", 1), List.of("z", 2));
            assertThat(scenario.duckdb("counts", "SELECT id, count, _offset FROM LAKE ORDER BY 1"))
                    .containsExactly(List.of("x", 0, 1L), List.of("y", 1, 2L), List.of("z", 2, 3L));

            // When the next owner sweeps the lake
            again.kill9();
            scenario.start(Map.of()).awaitReady();
            words.send(0, "a", "three");
            awaitLog(scenario, "a", "one|two|three");

            // Then
            assertThat(scenario.duckdb("counts", "SELECT count(*) FROM LAKE")).containsExactly(List.of(3L));
        }
    }

    @Test
    void letters_are_copied_to_kafka_and_evicted_ones_let_their_key_go_on() throws Exception {
        try (Scenario scenario = new Scenario("evict")) {
            String dead = scenario.name + ".dead";
            createCompacted(scenario, dead);
            try (Words words = new Words(scenario, 1, Map.of(), ", on-poison: park, dead-letter-topic: " + dead)) {
                // Given
                LeatProcess leat = scenario.start(Map.of()).awaitReady();
                var producer = words.producer(Map.of());
                words.send(0, "a", "one");
                producer.send(new ProducerRecord<>(words.topic, 0, bytes("a"), bytes("no avro")));
                words.send(0, "a", "two");
                words.send(0, "b", "three");
                awaitLog(scenario, "b", "three");
                assertThat(log(scenario, "a")).isEqualTo("one");

                // When
                JsonNode letters =
                        leat.get("/api/dead-letters?reason=NOT_FRAMED").get("dead_letters");
                int unknown = leat.send("DELETE", "/api/dead-letters/987654").statusCode();
                int unasked = leat.send("DELETE", "/api/dead-letters").statusCode();
                JsonNode outcome =
                        leat.delete("/api/dead-letters/" + letters.get(0).get("id"));

                // Then
                assertThat(unknown).isEqualTo(404);
                assertThat(unasked).isEqualTo(400);
                assertThat(outcome.get("evicted").asInt()).isEqualTo(1);
                assertThat(outcome.get("released").asInt()).isEqualTo(1);
                assertThat(log(scenario, "a")).isEqualTo("one|two");
                words.send(0, "a", "four");
                awaitLog(scenario, "a", "one|two|four");
                assertCopied(scenario, dead);
                assertSetAside(leat, producer, words.topic, dead);
            }
        }
    }

    private static void createCompacted(Scenario scenario, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", scenario.stack.kafka()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
    }

    /** A compacted topic takes nothing without a key. */
    private static void assertSetAside(LeatProcess leat, Producer<byte[], byte[]> producer, String topic, String dead) {
        producer.send(new ProducerRecord<>(topic, 0, null, bytes("no avro either")));
        awaitSetAside(leat);
        JsonNode letter =
                leat.get("/api/dead-letters?copy=set_aside").get("dead_letters").get(0);
        assertThat(letter.get("copy").get("topic").asText()).isEqualTo(dead);
        assertThat(letter.get("copy").get("reason").asText()).contains("InvalidRecordException");

        assertThat(leat.send("POST", "/api/dead-letters/" + letter.get("id") + "/copy/redrive")
                        .statusCode())
                .isEqualTo(200);
        awaitSetAside(leat);
        assertThat(leat.send("DELETE", "/api/dead-letters/copy").statusCode()).isEqualTo(400);
        assertThat(leat.delete("/api/dead-letters/copy?topic=" + dead)
                        .get("evicted")
                        .asInt())
                .isEqualTo(1);
        assertThat(leat.get("/api/dead-letters/" + letter.get("id")).has("copy"))
                .isFalse();

        assertThat(leat.get("/api/outbox").get("set_aside")).isEmpty();
        assertThat(leat.send("POST", "/api/outbox/redrive").statusCode()).isEqualTo(400);
        assertThat(leat.send("DELETE", "/api/outbox/1").statusCode()).isEqualTo(404);
    }

    private static void awaitSetAside(LeatProcess leat) {
        await().until(() ->
                leat.get("/api/dead-letters?copy=set_aside").get("dead_letters").size() == 1);
    }

    private static void assertCopied(Scenario scenario, String topic) {
        try (KafkaCompanion kafka = new KafkaCompanion(scenario.stack.kafka())) {
            ConsumerRecord<byte[], byte[]> copy = kafka.consumeWithDeserializers(
                            new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .fromTopics(topic, 1)
                    .awaitCompletion(Waits.AT_MOST)
                    .getFirstRecord();
            assertThat(new String(copy.value(), StandardCharsets.UTF_8)).isEqualTo("no avro");
            assertThat(new String(copy.key(), StandardCharsets.UTF_8)).isEqualTo("a");
            Map<String, String> headers = StreamSupport.stream(copy.headers().spliterator(), false)
                    .collect(Collectors.toMap(
                            header -> header.key(), header -> new String(header.value(), StandardCharsets.UTF_8)));
            assertThat(headers)
                    .containsEntry("dead-letter-topic", scenario.name + ".words")
                    .containsEntry("dead-letter-partition", "0")
                    .containsEntry("dead-letter-offset", "1")
                    .containsEntry("dead-letter-cause", "NOT_FRAMED")
                    .containsEntry("dead-letter-stream", "words")
                    .hasEntrySatisfying("dead-letter-reason", reason -> assertThat(reason)
                            .startsWith("the value begins with byte"));
        }
    }

    @Test
    void a_stream_that_says_stop_stops_its_lane_in_front_of_the_event() {
        try (Scenario scenario = new Scenario("stop");
                Words words = new Words(scenario, 2, Map.of(), ", on-poison: stop")) {
            // Given
            LeatProcess leat = scenario.start(Map.of()).awaitReady();
            var producer = words.producer(Map.of());

            // When
            words.send(0, "a", "one");
            producer.send(new ProducerRecord<>(words.topic, 0, bytes("a"), bytes("no avro")));
            words.send(0, "a", "two");
            words.send(1, "b", "three");
            awaitLog(scenario, "b", "three");
            await().until(() -> leat.send("GET", "/q/health/ready").statusCode() == 503);

            // Then
            assertThat(log(scenario, "a")).isEqualTo("one");
            assertThat(leat.send("GET", "/q/health/ready").body())
                    .contains("stream words stops at " + words.topic + "-0 offset 1");
            assertThat(leat.send("GET", "/q/health/live").statusCode()).isEqualTo(200);
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();

            // When
            leat.terminate();
            words.declare(", on-poison: skip");
            scenario.start(Map.of());

            // Then
            awaitLog(scenario, "a", "one|two");
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isEqualTo(1);
        }
    }

    private static void awaitLog(Scenario scenario, String id, String expected) {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(log(scenario, id)).isEqualTo(expected));
    }

    private static Object log(Scenario scenario, String id) {
        return scenario.rows(LOG.formatted(id)).getFirst().getFirst();
    }

    private static String numbered(String prefix, int upTo) {
        return IntStream.rangeClosed(1, upTo).mapToObj(i -> prefix + i).collect(Collectors.joining("|"));
    }

    private static List<String> texts(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.get(field).asText())
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
