package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A column comes to the views from another process than the one whose lane runs. */
@ExtendWith(ProcessLogs.class)
class RedrivenColumnIT {

    private static final String WITH_LANGUAGE = """
            {"type": "record", "name": "Word", "namespace": "dev.leat.words",
             "fields": [{"name": "id", "type": "string"}, {"name": "word", "type": "string"},
                        {"name": "language", "type": ["null", "string"], "default": null}]}
            """;

    @Test
    void an_event_without_it_leaves_no_older_value_where_a_redrive_elsewhere_has_put_one() throws IOException {
        try (Scenario scenario = new Scenario("redrivencolumn");
                Words words = new Words(scenario, 1, Map.of(), "")) {
            // Given a letter of a version that the registry learns later than the lane asks for it
            LeatProcess lane = scenario.start(Map.of()).awaitReady();
            var producer = words.producer(Map.of());
            int younger = Framed.register(scenario.stack, scenario.name + ".other", "\"string\"") + 1;
            words.send(0, "a", "one");
            producer.send(new ProducerRecord<>(
                    words.topic, 0, "k".getBytes(StandardCharsets.UTF_8), Framed.bytes(younger, mot())));
            await().until(
                            () -> scenario.rows("SELECT reason FROM leat.dead_letter"),
                            List.of(List.of("UNKNOWN_SCHEMA"))::equals);
            assertThat(Framed.register(scenario.stack, words.topic + "-value", WITH_LANGUAGE))
                    .isEqualTo(younger);

            // When
            LeatProcess other = scenario.start(Map.of("leat.roles", "query")).awaitReady();
            JsonNode outcome = other.post("/api/dead-letters/redrive?stream=words");
            List<List<Object>> redriven = latest(scenario);
            words.send(0, "k", "later");

            // Then
            assertThat(outcome.get("redriven").asInt()).isEqualTo(1);
            assertThat(redriven).containsExactly(Arrays.asList("a", "one", null), List.of("k", "mot", "fr"));
            await().untilAsserted(() -> assertThat(latest(scenario))
                    .containsExactly(Arrays.asList("a", "one", null), Arrays.asList("k", "later", null)));
            assertThat(lane.get("/api/streams/words").get("state").asText()).isEqualTo("flowing");
        }
    }

    private static List<List<Object>> latest(Scenario scenario) {
        return scenario.rows("SELECT id, word, language FROM views.words_latest ORDER BY id");
    }

    private static byte[] mot() throws IOException {
        Schema schema = new Schema.Parser().parse(WITH_LANGUAGE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(schema)
                .write(
                        new GenericRecordBuilder(schema)
                                .set("id", "k")
                                .set("word", "mot")
                                .set("language", "fr")
                                .build(),
                        encoder);
        return out.toByteArray();
    }
}
