package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logs with offsets that no event has: compaction, markers of transactions, and what was aborted. */
@ExtendWith(ProcessLogs.class)
class GapsIT {

    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "300",
            "min.cleanable.dirty.ratio", "0.01",
            "min.compaction.lag.ms", "0",
            "max.compaction.lag.ms", "1000");
    private static final String LATEST = "SELECT id, word FROM views.words_latest ORDER BY id";

    @Test
    void a_compacted_and_transactional_topic_is_read_to_its_end_and_a_lag_based_autoscaler_sees_none() {
        try (Scenario scenario = new Scenario("gaps");
                Words words = new Words(scenario, 3, COMPACTED, ", lake: {roll: {every: 1s}}")) {
            // Given: partition 0 ends in a marker and an aborted transaction, 1 has only aborted ones, 2 has nothing
            var producer = words.producer(Map.of("transactional.id", scenario.name));
            await().pollInterval(Duration.ofMillis(400)).until(() -> {
                producer.beginTransaction();
                IntStream.range(0, 100).forEach(i -> words.send(0, "k" + i % 10, "old" + i));
                producer.commitTransaction();
                return hasHoles(scenario, words.topic);
            });
            producer.beginTransaction();
            IntStream.range(0, 10).forEach(i -> words.send(0, "k" + i, "w" + i));
            producer.commitTransaction();
            for (int partition : new int[] {1, 0}) {
                producer.beginTransaction();
                words.send(partition, "k1", "aborted");
                producer.flush();
                producer.abortTransaction();
            }
            List<List<Object>> expected = new ArrayList<>();
            IntStream.range(0, 10).forEach(i -> expected.add(List.of("k" + i, "w" + i)));

            // When
            LeatProcess leat = scenario.start(Map.of()).awaitReady();

            // Then
            awaitNoLag(scenario, words, leat);
            assertThat(scenario.rows(LATEST)).containsExactlyElementsOf(expected);
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();

            // When it goes on while the lanes are idle, again with an aborted transaction at the end
            for (String word : List.of("a", "b", "c")) {
                producer.beginTransaction();
                words.send(1, "live", word);
                producer.commitTransaction();
                producer.beginTransaction();
                words.send(1, "live", "aborted");
                producer.flush();
                producer.abortTransaction();
                awaitNoLag(scenario, words, leat);
            }

            // Then
            assertThat(scenario.rows(
                            "SELECT string_agg(word, '|' ORDER BY _offset) FROM views.words_log WHERE id = 'live'"))
                    .containsExactly(List.of("a|b|c"));
            await().untilAsserted(() ->
                    assertThat(checkpoints(scenario, "leat.lake_checkpoint")).isEqualTo(words.ends()));
            assertThat(scenario.duckdb(
                            "words", "SELECT string_agg(word, '|' ORDER BY word) FROM LAKE WHERE id = 'live'"))
                    .containsExactly(List.of("a|b|c"));
        }
    }

    @Test
    void no_event_is_passed_over_however_often_an_idle_lane_looks() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Scenario scenario = new Scenario("passing");
                Words words = new Words(scenario, 2, Map.of(), ", lake: {roll: {every: 1s}}")) {
            // Given
            LeatProcess leat =
                    scenario.start(Map.of("leat.ingest.idle-check", "2ms")).awaitReady();
            var producer = words.producer(Map.of("transactional.id", scenario.name, "linger.ms", 0));
            StringBuilder sent = new StringBuilder();

            // When
            for (int transaction = 0; transaction < 400; transaction++) {
                boolean committed = random.nextInt(3) > 0;
                producer.beginTransaction();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    String word = committed ? "w" + transaction + "." + i : "aborted";
                    words.send(0, "k", word);
                    if (committed) {
                        sent.append(word).append('|');
                    }
                    if (random.nextInt(4) == 0) {
                        producer.flush();
                    }
                }
                if (committed) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
                LockSupport.parkNanos(random.nextInt(8_000_000));
            }
            awaitNoLag(scenario, words, leat);

            // Then
            assertThat(scenario.rows("SELECT string_agg(word || '|', '' ORDER BY _offset) FROM views.words_log"))
                    .describedAs("seed %d", seed)
                    .containsExactly(List.of(sent.toString()));
            await().untilAsserted(() ->
                    assertThat(checkpoints(scenario, "leat.lake_checkpoint")).isEqualTo(words.ends()));
            assertThat(scenario.duckdb("words", "SELECT count(*) FROM LAKE"))
                    .describedAs("seed %d", seed)
                    .containsExactly(List.of(sent.chars().filter(c -> c == '|').count()));
        }
    }

    private static void awaitNoLag(Scenario scenario, Words words, LeatProcess leat) {
        await().untilAsserted(() -> {
            assertThat(words.committed()).isEqualTo(words.ends());
            assertThat(checkpoints(scenario, "leat.checkpoint")).isEqualTo(words.ends());
            assertThat(leat.get("/api/streams").findValue("lag").asLong()).isZero();
        });
    }

    private static Map<Integer, Long> checkpoints(Scenario scenario, String table) {
        Map<Integer, Long> checkpoints = new TreeMap<>();
        scenario.rows("SELECT partition, next_offset FROM " + table)
                .forEach(row -> checkpoints.put((Integer) row.get(0), (Long) row.get(1)));
        return checkpoints;
    }

    /** Whether compaction has been at work in partition 0. */
    private static boolean hasHoles(Scenario scenario, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", scenario.stack.kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            for (ConsumerRecord<byte[], byte[]> first : consumer.poll(Waits.AT_MOST)) {
                return first.offset() > 0;
            }
            return false;
        }
    }
}
