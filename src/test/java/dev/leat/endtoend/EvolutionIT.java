package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A producer changes its contract while events flow: it registers a version with one more optional field, and writes it
 * beside the old one. What was written before has null there, and nothing restarts.
 */
@ExtendWith(ProcessLogs.class)
class EvolutionIT {

    private static final String OLD = """
            {"type": "record", "name": "Word", "namespace": "dev.leat.words",
             "fields": [{"name": "id", "type": "string"}, {"name": "word", "type": "string"}]}
            """;
    private static final String NEW = """
            {"type": "record", "name": "Word", "namespace": "dev.leat.words",
             "fields": [{"name": "id", "type": "string"}, {"name": "word", "type": "string"},
                        {"name": "tip", "type": ["null", "long"], "default": null}]}
            """;

    @Test
    void a_field_that_is_added_while_two_instances_run_is_there_in_all_four_places() {
        try (Scenario scenario = scenario("evolution", 4)) {
            // Given
            List<LeatProcess> instances = List.of(scenario.start(Map.of()), scenario.start(Map.of()));
            instances.forEach(LeatProcess::awaitReady);
            try (Writer old = new Writer(scenario, "words", OLD)) {
                old.write(0, 400);
                awaitLog(scenario, "words", 400);
                // The group hands lanes over one by one until it has settled.
                await().untilAsserted(() -> assertThat(instances.stream()
                                .map(EvolutionIT::lanesFlowing)
                                .toList())
                        .containsExactly(4L, 4L));
                List<Long> opened =
                        instances.stream().map(EvolutionIT::lanesOpened).toList();

                // When
                try (Writer added = new Writer(scenario, "words", NEW)) {
                    for (int from = 400; from < 1000; from += 2) {
                        added.write(from, from + 1);
                        old.write(from + 1, from + 2);
                    }
                }
                awaitLog(scenario, "words", 1000);

                // Then
                assertThat(instances.stream().map(EvolutionIT::lanesOpened)).isEqualTo(opened);
            }
            assertThat(instances).allMatch(LeatProcess::isAlive);
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertThat(scenario.rows("SELECT word::int, tip FROM views.words_log ORDER BY 1"))
                    .isEqualTo(expected(1000));
            // Of every key the last event is one with an even number or one with an odd one, and no older tip stays.
            assertThat(scenario.rows("SELECT word::int, tip FROM views.words_latest ORDER BY 1"))
                    .isEqualTo(expected(1000).subList(980, 1000));
            assertInLake(scenario);
            instances.forEach(EvolutionIT::assertAnswered);
        }
    }

    private static void assertInLake(Scenario scenario) {
        await().until(() -> scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = 'words'") == 1000);
        assertThat(scenario.duckdb("words", "SELECT word::int, tip FROM LAKE ORDER BY 1"))
                .isEqualTo(expected(1000));
    }

    /** What anybody who asks this instance gets to see, in REST and in GraphQL. */
    private static void assertAnswered(LeatProcess instance) {
        await().until(() -> columns(instance, "words_log").contains("tip"));
        assertThat(columns(instance, "words_latest")).contains("tip");
        assertThat(instance.get("/api/views/words_log?tip.is_null=false&limit=1000")
                        .get("rows"))
                .hasSize(300);
        JsonNode last = instance.get("/api/views/words_latest?order=tip.desc&limit=1")
                .get("rows")
                .get(0);
        assertThat(last.get("tip").asLong()).isEqualTo(998);

        JsonNode answer = instance.get("/graphql?query="
                + URLEncoder.encode(
                        "{ words_log(where: {tip: {gte: 996}}, order_by: [{tip: asc}]) { word tip } }",
                        StandardCharsets.UTF_8));
        assertThat(answer.at("/data/words_log")).as(answer.toString()).hasSize(2);
        assertThat(answer.at("/data/words_log/1/tip").asLong()).isEqualTo(998);

        JsonNode schema = instance.get("/api/streams/words/schema");
        assertThat(schema.get("rule").asText()).isEqualTo("BACKWARD");
        assertThat(schema.at("/versions/0/columns").toString()).isEqualTo("[\"id\",\"word\"]");
        assertThat(schema.at("/versions/1/columns").toString()).isEqualTo("[\"tip\"]");
        assertThat(schema.at("/versions/1/changes/0").asText())
                .isEqualTo("field tip was added, optional, default null");
    }

    private static List<String> columns(LeatProcess instance, String view) {
        return StreamSupport.stream(instance.get("/api/views").get("views").spliterator(), false)
                .filter(description -> description.get("name").asText().equals(view))
                .flatMap(description -> description.get("columns").findValuesAsText("name").stream())
                .toList();
    }

    @Test
    void an_instance_that_has_not_met_the_field_leaves_no_older_value_of_it() {
        try (Scenario scenario = scenario("unmet", 1);
                Writer old = new Writer(scenario, "words", OLD);
                Writer added = new Writer(scenario, "words", NEW)) {
            // Given
            LeatProcess met = scenario.start(Map.of()).awaitReady();
            added.write(0, 1);
            awaitLog(scenario, "words", 1);
            assertThat(scenario.rows("SELECT tip FROM views.words_latest")).containsExactly(List.of(0L));
            met.terminate();

            // When
            scenario.start(Map.of()).awaitReady();
            old.write(20, 21);
            awaitLog(scenario, "words", 2);

            // Then
            assertThat(scenario.rows("SELECT word::int FROM views.words_latest WHERE tip IS NULL"))
                    .containsExactly(List.of(20));
        }
    }

    @Test
    void versions_in_turns_make_no_more_files_than_one_version() {
        try (Scenario scenario = scenario("turns", 1);
                Writer one = new Writer(scenario, "steady", NEW);
                Writer old = new Writer(scenario, "words", OLD);
                Writer added = new Writer(scenario, "words", NEW)) {
            // Given an event of each version in the first batch: one that comes later cuts a file, once
            one.write(0, 2);
            old.write(0, 1);
            added.write(1, 2);
            scenario.start(Map.of()).awaitReady();
            awaitLog(scenario, "words", 2);
            awaitLog(scenario, "steady", 2);

            // When
            one.write(2, 402);
            for (int number = 2; number < 402; number++) {
                (number % 2 == 0 ? old : added).write(number, number + 1);
            }
            awaitLog(scenario, "words", 402);
            awaitLog(scenario, "steady", 402);

            // Then
            await().until(() -> files(scenario, "steady") >= 4 && files(scenario, "words") >= 4);
            assertThat(files(scenario, "words")).isEqualTo(4).isEqualTo(files(scenario, "steady"));
            assertThat(scenario.duckdb("words", "SELECT count(*), count(tip) FROM LAKE"))
                    .containsExactly(List.of(400L, 200L));
        }
    }

    private static long files(Scenario scenario, String stream) {
        return scenario.count("SELECT count(*) FROM leat.lake_file WHERE stream = '" + stream + "'");
    }

    /** Those with an even number from 400 on carry a tip. */
    private static List<List<Object>> expected(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> java.util.Arrays.<Object>asList(
                        number, number >= 400 && number % 2 == 0 ? (Object) (long) number : null))
                .toList();
    }

    private static long lanesFlowing(LeatProcess instance) {
        return StreamSupport.stream(
                        instance.get("/q/health/ready").get("checks").spliterator(), false)
                .filter(check -> check.get("name").asText().equals("lanes"))
                .flatMap(check -> StreamSupport.stream(check.path("data").spliterator(), false))
                .filter(state -> state.asText().equals("flowing"))
                .count();
    }

    private static long lanesOpened(LeatProcess instance) {
        return instance.log().lines().filter(line -> line.contains("lane open")).count();
    }

    private static void awaitLog(Scenario scenario, String stream, long count) {
        await().until(() -> scenario.count("SELECT count(*) FROM views." + stream + "_log") == count);
    }

    /** Streams {@code words} and {@code steady} of topics of their own; files of the lake are cut at 100 rows. */
    private static Scenario scenario(String test, int partitions) {
        Scenario scenario = new Scenario(
                test,
                name -> "",
                name -> List.of(
                        new NewTopic(name + ".words", partitions, (short) 1),
                        new NewTopic(name + ".steady", partitions, (short) 1)));
        Path contract = scenario.folder.resolve("word.avsc");
        try {
            Files.writeString(contract, OLD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String every = partitions == 1 ? "1h" : "2s";
        scenario.declare("""
                streams:
                  words: {topic: %1$s.words, contract: %2$s, key: id, lake: {partition-by: none, roll: {rows: 100, every: %3$s}}}
                  steady: {topic: %1$s.steady, contract: %2$s, key: id, lake: {partition-by: none, roll: {rows: 100, every: %3$s}}}
                views:
                  words_latest: {latest: words}
                  words_log: {log: words}
                  steady_log: {log: steady}
                """.formatted(scenario.name, contract, every));
        Framed.register(scenario.stack, scenario.name + ".words-value", OLD);
        Framed.register(scenario.stack, scenario.name + ".steady-value", OLD);
        return scenario;
    }

    /** Writes numbered words of one version: 20 keys in turn, the number as the word and, where there is one, the tip. */
    private static final class Writer implements AutoCloseable {

        private final String topic;
        private final Schema schema;
        private final int schemaId;
        private final KafkaProducer<byte[], byte[]> producer;

        Writer(Scenario scenario, String stream, String version) {
            this.topic = scenario.name + "." + stream;
            this.schema = new Schema.Parser().parse(version);
            this.schemaId = Framed.register(scenario.stack, topic + "-value", version);
            this.producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", scenario.stack.kafka()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }

        /** Returns when the broker has them, so that writers may take turns. */
        void write(int from, int to) {
            for (int number = from; number < to; number++) {
                String id = "k" + number % 20;
                producer.send(new ProducerRecord<>(
                        topic, id.getBytes(StandardCharsets.UTF_8), Framed.bytes(schemaId, encoded(id, number))));
            }
            producer.flush();
        }

        private byte[] encoded(String id, int number) {
            var record = new GenericData.Record(schema);
            record.put("id", id);
            record.put("word", String.valueOf(number));
            if (schema.getField("tip") != null) {
                record.put("tip", (long) number);
            }
            try {
                var out = new ByteArrayOutputStream();
                var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
                new GenericDatumWriter<>(schema).write(record, encoder);
                return out.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
