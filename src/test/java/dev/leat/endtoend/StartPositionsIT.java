package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where lanes begin, and what they do when the log isn't where they left it. */
@ExtendWith(ProcessLogs.class)
class StartPositionsIT {

    private static final Map<String, String> PLAIN = Map.of();
    private static final String WITH_LAKE = ", lake: {roll: {every: 1s}}";
    private static final String ALL_OF =
            "SELECT coalesce(string_agg(word, '|' ORDER BY _partition, _offset), '') FROM views.";
    private static final String ALL_WORDS = ALL_OF + "words_log";

    @Test
    void latest_begins_with_the_next_event_but_at_the_start_of_partitions_that_are_added_later() {
        try (Scenario scenario = new Scenario("latest");
                Words words = new Words(scenario, 2, PLAIN, ", from: latest" + WITH_LAKE)) {
            // Given
            words.producer(Map.of());
            words.send(0, "a", "old");
            words.send(1, "b", "old");
            words.producer(Map.of());
            LeatProcess leat = scenario.start(Map.of()).awaitReady();
            awaitCheckpoints(scenario, 2);

            // When
            words.send(0, "a", "new");
            awaitWords(scenario, "new");
            Words.get(words.admin
                    .createPartitions(Map.of(words.topic, NewPartitions.increaseTo(3)))
                    .all());
            words.producer(Map.of());
            words.send(2, "c", "added");

            // Then
            awaitWords(scenario, "new|added");
            assertThat(scenario.count("SELECT partitions FROM leat.topic_start"))
                    .isEqualTo(2);
            awaitLake(scenario, "added|new");

            // When it is started again, nothing is decided anew
            leat.terminate();
            words.send(1, "b", "meanwhile");
            scenario.start(Map.of());
            awaitWords(scenario, "new|meanwhile|added");
            awaitLake(scenario, "added|meanwhile|new");
        }
    }

    @Test
    void a_timestamp_begins_with_the_first_event_from_then_on_or_with_the_next_one() {
        Instant from = Instant.parse("2020-07-01T00:00:00Z");
        try (Scenario scenario = new Scenario("timestamp");
                Words words = new Words(
                        scenario,
                        3,
                        Map.of("message.timestamp.type", "CreateTime", "retention.ms", "-1"),
                        ", from: \"" + from + "\"")) {
            // Given
            words.producer(Map.of());
            words.send(0, from.toEpochMilli() - 1, "a", "before");
            words.send(0, from.toEpochMilli(), "a", "then");
            words.send(0, from.toEpochMilli() + 1, "a", "after");
            words.send(1, from.toEpochMilli() - 1, "b", "before");
            words.producer(Map.of());

            // When
            scenario.start(Map.of()).awaitReady();
            awaitCheckpoints(scenario, 3);
            words.send(1, from.toEpochMilli() - 1, "b", "next");
            words.send(2, from.toEpochMilli() - 1, "c", "first");

            // Then
            awaitWords(scenario, "then|after|next|first");
        }
    }

    @Test
    void a_lake_that_a_stream_gets_later_is_filled_from_the_beginning_unless_the_stream_begins_elsewhere()
            throws Exception {
        try (Scenario scenario = new Scenario("lake_later");
                Words words = new Words(scenario, 1, PLAIN, "")) {
            // Given
            String newest = scenario.name + ".newest";
            Scenario.create(words.admin, List.of(new NewTopic(newest, 1, (short) 1)));
            declareBoth(scenario, words, newest, "");
            words.producer(Map.of());
            LeatProcess leat = scenario.start(Map.of()).awaitReady();
            awaitCheckpoints(scenario, 2);
            words.send(0, "a", "one");
            words.sendTo(newest, "a", "one");
            awaitWords(scenario, "words_log", "one");
            awaitWords(scenario, "newest_log", "one");
            leat.terminate();

            // When
            declareBoth(scenario, words, newest, WITH_LAKE);
            words.send(0, "a", "two");
            words.sendTo(newest, "a", "two");
            scenario.start(Map.of());

            // Then
            awaitWords(scenario, "words_log", "one|two");
            awaitWords(scenario, "newest_log", "one|two");
            awaitLake(scenario, "words", "one|two");
            awaitLake(scenario, "newest", "two");
        }
    }

    /** A stream that begins with the earliest event, and one that begins with the latest. */
    private static void declareBoth(Scenario scenario, Words words, String newest, String settings) {
        words.declare(", from: earliest" + settings);
        scenario.declare(scenario.declared()
                        .replace(
                                "views:\n",
                                "  newest: {topic: %s, contract: %s, key: id, from: latest%s}\nviews:\n"
                                        .formatted(newest, scenario.folder.resolve("word.avsc"), settings))
                + "  newest_log: {log: newest}\n");
    }

    @Test
    void a_lane_that_retention_has_overtaken_while_it_was_away_stops_alone_and_says_how_to_go_on() throws Exception {
        try (Scenario scenario = new Scenario("retention");
                Words words = new Words(scenario, 2, PLAIN, WITH_LAKE)) {
            // Given
            words.producer(Map.of());
            words.send(0, "a", "one");
            LeatProcess leat = scenario.start(Map.of());
            awaitWords(scenario, "one");
            awaitLake(scenario, "one");
            leat.terminate();
            words.send(0, "a", "lost");
            words.send(0, "a", "kept");
            words.producer(Map.of());
            deleteBefore(words, 0, 2);

            // When
            LeatProcess again = scenario.start(Map.of());
            words.send(1, "b", "other");

            // Then
            awaitWords(scenario, "one|other");
            String unready = awaitStopped(again);
            assertThat(unready)
                    .contains("\"" + words.topic + "-0\": \"stopped: the log of " + words.topic
                            + "-0 goes from 2 to 3, but"
                            + " the checkpoint of the views is 1 (retention has removed events that were never applied)"
                            + " and that of the lake of stream words is 1 (retention has")
                    .contains("\"" + words.topic + "-1\": \"flowing\"");
            assertThat(again.get("/q/health/live").get("status").asText()).isEqualTo("UP");

            // When somebody chooses, the lane goes on without a restart
            assertThat(choose(again, "rebuild").statusCode()).isEqualTo(409);
            assertThat(choose(again, "continue").statusCode()).isEqualTo(200);

            // Then
            awaitWords(scenario, "one|kept|other");
            awaitLake(scenario, "kept|one|other");
            again.awaitReady();
        }
    }

    @Test
    void a_lane_that_retention_overtakes_while_it_runs_stops_too() throws Exception {
        try (Scenario scenario = new Scenario("overtaken");
                Words words = new Words(scenario, 1, PLAIN, "");
                Connection blocker = connect(scenario)) {
            // Given a lane that is held up and has its share of the memory used up by one event
            LeatProcess leat = scenario.start(Map.of("leat.ingest.buffer", "1", "leat.ingest.batch-records", "1"));
            words.producer(Map.of("linger.ms", 0));
            words.send(0, "a", "one");
            awaitWords(scenario, "one");
            blocker.setAutoCommit(false);
            execute(blocker, "LOCK TABLE views.words_log IN ACCESS EXCLUSIVE MODE");
            words.send(0, "a", "two");
            await().until(() -> scenario.count("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            words.send(0, "a", "three");
            awaitBuffered(leat);

            // When the log is cut further on than any fetch that was under way can have come
            words.send(0, "a", "four");
            words.producer(Map.of("linger.ms", 0));
            words.send(0, "a", "five");
            words.send(0, "a", "lost");
            words.send(0, "a", "kept");
            words.producer(Map.of());
            deleteBefore(words, 0, 6);
            blocker.rollback();

            // Then
            String unready = awaitStopped(leat);
            assertThat(unready).contains("goes from 6 to 7, but the checkpoint of the views is ");
            assertThat((String) scenario.rows(ALL_WORDS).getFirst().getFirst())
                    .startsWith("one|two|three")
                    .doesNotContain("kept");
            assertThat(choose(leat, "continue").statusCode()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(
                            (String) scenario.rows(ALL_WORDS).getFirst().getFirst())
                    .endsWith("|kept"));
        }
    }

    @Test
    void a_topic_that_was_recreated_stops_its_lanes_until_somebody_chooses_though_it_has_grown_past_the_checkpoint()
            throws Exception {
        try (Scenario scenario = new Scenario("anew");
                Words words = new Words(scenario, 2, PLAIN, WITH_LAKE)) {
            // Given
            words.declareAllKinds(WITH_LAKE);
            words.producer(Map.of());
            words.send(0, "a", "one");
            words.send(0, "b", "two");
            LeatProcess first = scenario.start(Map.of("leat.ingest.topic-check", "1s"));
            LeatProcess second = scenario.start(Map.of("leat.ingest.topic-check", "1s"));
            awaitWords(scenario, "one|two");
            awaitLake(scenario, "one|two");

            // When it is made anew while both run, with more events than it had
            recreate(words, 1);
            for (String word : List.of("uno", "due", "tre", "quattro")) {
                words.send(0, "a", word);
            }

            // Then
            await().ignoreExceptions()
                    .until(() ->
                            first.get("/api/streams/words/topic").get("choices").size() == 2);
            String unready = awaitOneStopped(first, second);
            assertThat(unready).contains("choose=continue").contains("choose=rebuild");

            // When somebody chooses, at either of them
            assertThat(choose(first, "continue").statusCode()).isEqualTo(200);

            // Then
            awaitWords(scenario, "one|two|uno|due|tre|quattro");
            for (String view : List.of("words_latest", "words_keyed", "words_history WHERE valid_to IS NULL")) {
                await(view).untilAsserted(() -> assertThat(scenario.rows(
                                        "SELECT string_agg(id || ':' || word, ' ' ORDER BY id) FROM views." + view)
                                .getFirst()
                                .getFirst())
                        .isEqualTo("a:quattro b:two"));
            }
            awaitLake(scenario, "due|one|quattro|tre|two|uno");
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            await().until(() -> Long.valueOf(4).equals(words.committed().get(0)));
            assertThat(choose(second, "continue").statusCode()).isEqualTo(409);

            // When it is made anew again, and the views are to begin anew
            recreate(words, 2);
            words.send(0, "c", "eins");
            words.send(1, "a", "zwei");
            await().ignoreExceptions()
                    .until(() -> second.get("/api/streams/words/topic")
                                    .get("choices")
                                    .size()
                            == 2);
            assertThat(choose(second, "rebuild").statusCode()).isEqualTo(200);

            // Then
            await().untilAsserted(() -> assertThat(scenario.rows(
                                    "SELECT string_agg(id || ':' || word, ' ' ORDER BY id) FROM views.words_latest")
                            .getFirst()
                            .getFirst())
                    .isEqualTo("a:zwei c:eins"));
            awaitWords(scenario, "eins|zwei");
            first.awaitReady();
            second.awaitReady();
        }
    }

    private static void recreate(Words words, int partitions) {
        Words.get(words.admin.deleteTopics(List.of(words.topic)).all());
        await().until(() -> !Words.get(words.admin.listTopics().names()).contains(words.topic));
        words.create(partitions, PLAIN);
        words.producer(Map.of());
    }

    private static HttpResponse<String> choose(LeatProcess leat, String choice)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(leat.url() + "/api/streams/words/topic?choose=" + choice))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** @return what readiness says of the one that has the lane */
    private static String awaitOneStopped(LeatProcess... instances) throws Exception {
        AtomicReference<String> said = new AtomicReference<>();
        await().ignoreExceptions().until(() -> {
            for (LeatProcess instance : instances) {
                String body = fetch(instance, "/q/health/ready").body();
                if (body.contains("was deleted and made again")) {
                    said.set(body);
                }
            }
            return said.get() != null;
        });
        return said.get();
    }

    private static void awaitCheckpoints(Scenario scenario, int lanes) {
        await().until(() -> scenario.count("SELECT count(*) FROM leat.checkpoint") == lanes);
    }

    private static void awaitWords(Scenario scenario, String expected) {
        awaitWords(scenario, "words_log", expected);
    }

    private static void awaitWords(Scenario scenario, String view, String expected) {
        await(view).ignoreExceptions().untilAsserted(() -> assertThat(
                        scenario.rows(ALL_OF + view).getFirst().getFirst())
                .isEqualTo(expected));
    }

    private static void awaitLake(Scenario scenario, String expected) {
        awaitLake(scenario, "words", expected);
    }

    private static void awaitLake(Scenario scenario, String stream, String expected) {
        long words = expected.chars().filter(c -> c == '|').count() + 1;
        await().until(() ->
                scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = '" + stream + "'") >= words);
        assertThat(scenario.duckdb(stream, "SELECT string_agg(word, '|' ORDER BY word) FROM LAKE"))
                .containsExactly(List.of(expected));
    }

    private static void awaitBuffered(LeatProcess leat) throws Exception {
        await().until(() -> fetch(leat, "/q/metrics")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("leat_buffered_bytes") && !line.endsWith(" 0.0")));
    }

    /** @return what readiness says */
    private static String awaitStopped(LeatProcess leat) throws Exception {
        await().ignoreExceptions()
                .until(() -> fetch(leat, "/q/health/ready").body().contains("stopped: "));
        HttpResponse<String> answer = fetch(leat, "/q/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        return answer.body();
    }

    private static HttpResponse<String> fetch(LeatProcess leat, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(leat.url() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void deleteBefore(Words words, int partition, long offset) {
        Words.get(words.admin
                .deleteRecords(Map.of(new TopicPartition(words.topic, partition), RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    private static Connection connect(Scenario scenario) throws SQLException {
        return DriverManager.getConnection(
                scenario.database.jdbcUrl(), scenario.database.user(), scenario.database.password());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
