package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import dev.leat.stack.QuickStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A long backlog meets a database that takes some 1,000 rows a second. The process keeps to its memory, stays ready and
 * live, ends in time when asked, and applies everything once when the database is fast again.
 *
 * <p>The long form has 5,000,000 events: {@code ./mvnw verify -Dit.test=BackpressureIT -Dleat.backpressure=long}. What it
 * measured is in {@code target/backpressure.txt}.
 */
@ExtendWith(ProcessLogs.class)
class BackpressureIT {

    private static final boolean LONG = "long".equals(System.getProperty("leat.backpressure"));
    private static final int EVENTS = LONG ? 5_000_000 : 300_000;
    private static final int LANES = 6;
    // Of one partition each, as Kafka would have it.
    private static final int KEYS = 1_000 * LANES;
    private static final Duration SLOW = Duration.ofSeconds(LONG ? 60 : 8);
    private static final Duration CATCH_UP = LONG ? Duration.ofMinutes(30) : Waits.AT_MOST;
    private static final String WITH_LAKE = ", lake: {roll: {every: 5s}}";
    private static final long BUFFER = 16 << 20;

    // One poll of 10,000 events, which may bring each lane so much more than it has room for.
    private static final long OVERSHOOT = LANES * 10_000 * 500;
    private static final String HEAP = LONG ? "-Xmx512m" : "-Xmx256m";
    private static final List<String> JVM = Stream.concat(
                    QuickStart.jvmOptions().stream(), Stream.of(HEAP, "-XX:+ExitOnOutOfMemoryError"))
            .toList();
    private static final Map<String, String> SETTINGS = Map.of("leat.ingest.buffer", Long.toString(BUFFER));

    private final HttpClient http = HttpClient.newHttpClient();
    private long heapPeak;
    private long bufferedPeak;

    @Test
    void a_backlog_in_front_of_a_slow_database_costs_time_and_neither_memory_nor_events() throws Exception {
        try (Scenario scenario = new Scenario("backpressure");
                Words words = new Words(scenario, LANES, Map.of(), WITH_LAKE)) {
            // Given
            LeatProcess leat = scenario.start(SETTINGS, JVM).awaitReady();
            execute(scenario, SLOW_ROWS, SLOW_TRIGGER);
            produce(words);

            // When
            watch(leat, SLOW, () -> logged(scenario) >= 1_000 && bufferedPeak > 0);
            long applied = logged(scenario);

            // Then
            assertThat(applied).describedAs("slow, and going on").isBetween(1_000L, EVENTS / 3L);
            assertThat(bufferedPeak).isBetween(1L, BUFFER + OVERSHOOT);

            // When
            LeatProcess.Exit exit = leat.terminate();

            // Then
            assertThat(exit.status())
                    .describedAs("ended in order, before it was killed")
                    .isIn(0, 143);
            await().until(() -> busy(scenario) == 0);
            assertThat(scenario.rows("SELECT (SELECT count(*) FROM views.words_log), (SELECT sum(next_offset)::bigint"
                                    + " FROM leat.checkpoint)")
                            .getFirst())
                    .satisfies(counts -> assertThat(counts.get(0)).isEqualTo(counts.get(1)));

            // When
            LeatProcess again = scenario.start(SETTINGS, JVM).awaitReady();
            watch(again, SLOW.dividedBy(5), () -> true);
            long fast = System.nanoTime();
            execute(scenario, FAST_ROWS);
            while (scenario.count("SELECT sum(next_offset) FROM leat.checkpoint") < EVENTS) {
                watch(again, Duration.ofMillis(500), () -> true);
                assertThat(Duration.ofNanos(System.nanoTime() - fast)).isLessThan(CATCH_UP);
            }
            Duration caughtUp = Duration.ofNanos(System.nanoTime() - fast);

            // Then
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT word) FROM views.words_log"))
                    .containsExactly(List.of((long) EVENTS, (long) EVENTS));
            assertThat(scenario.count("SELECT count(*) FROM views.words_latest"))
                    .isEqualTo(KEYS);
            await().atMost(CATCH_UP).until(() -> scenario.count("SELECT sum(rows) FROM leat.lake_file") >= EVENTS);
            assertThat(scenario.duckdb("words", "SELECT count(*), count(DISTINCT word) FROM LAKE"))
                    .containsExactly(List.of((long) EVENTS, (long) EVENTS));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertThat(bufferedPeak).isLessThan(BUFFER + OVERSHOOT);
            Files.writeString(
                    scenario.folder.resolve("../../backpressure.txt"),
                    "%d events, %s: heap used at most %d MiB, buffered at most %d MiB, %s; SIGTERM in slowness %s; the rest at full speed in %s%n"
                            .formatted(
                                    EVENTS,
                                    HEAP,
                                    heapPeak >> 20,
                                    bufferedPeak >> 20,
                                    residentPeak(again),
                                    exit.duration(),
                                    caughtUp));
        }
    }

    @Test
    void a_process_ends_long_before_the_batch_in_hand_would_and_leaves_nothing_of_it() throws Exception {
        try (Scenario scenario = new Scenario("stuck");
                Words words = new Words(scenario, LANES, Map.of(), WITH_LAKE)) {
            // Given statements that only the end of their process can end
            Map<String, String> patient = new HashMap<>(SETTINGS);
            patient.put("quarkus.datasource.reactive.additional-properties.statement_timeout", "0");
            patient.put("leat.ingest.drain-within", "2s");
            LeatProcess leat = scenario.start(patient, JVM).awaitReady();
            execute(scenario, SLOW_ROWS.replace("0.006", "600"), SLOW_TRIGGER);
            words.producer(Map.of());
            for (int lane = 0; lane < LANES; lane++) {
                words.send(lane, "k" + lane, "w" + lane);
            }
            await().until(() -> busy(scenario) == LANES);

            // When
            LeatProcess.Exit exit = leat.terminate();

            // Then
            assertThat(exit.status())
                    .describedAs("ended in order, before it was killed")
                    .isIn(0, 143);
            await().until(() -> busy(scenario) == 0);
            assertThat(scenario.count("SELECT sum(next_offset) FROM leat.checkpoint"))
                    .isZero();
            execute(scenario, FAST_ROWS);
            scenario.start(SETTINGS, JVM).awaitReady();
            await().until(() -> scenario.count("SELECT count(*) FROM views.words_log") == LANES);
        }
    }

    @Test
    void a_batch_for_which_the_database_has_become_too_slow_goes_through_in_parts() throws Exception {
        try (Scenario scenario = new Scenario("halved");
                Words words = new Words(scenario, 1, Map.of(), "")) {
            // Given: a batch in hand needs 6 s, and 2 s are allowed
            scenario.start(Map.of(
                            "leat.view.timeout",
                            "2s",
                            "quarkus.datasource.reactive.additional-properties.statement_timeout",
                            "2000"))
                    .awaitReady();
            execute(scenario, SLOW_ROWS, SLOW_TRIGGER);

            // When
            words.producer(Map.of("linger.ms", 1_000, "batch.size", 1 << 20));
            for (int i = 0; i < 1_000; i++) {
                words.send(0, "k" + i, "w" + i);
            }

            // Then
            await().until(() -> scenario.count("SELECT count(*) FROM views.words_log") == 1_000);
            assertThat(scenario.count("SELECT count(DISTINCT word) FROM views.words_log"))
                    .isEqualTo(1_000);
        }
    }

    /** How many statements are under way. */
    private static long busy(Scenario scenario) {
        return scenario.count("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                + " AND datname = current_database() AND pid <> pg_backend_pid()");
    }

    // Six lanes share the 1,000 rows a second.
    private static final String SLOW_ROWS = """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(0.006); RETURN NEW; END $$""";
    private static final String SLOW_TRIGGER =
            "CREATE TRIGGER slow BEFORE INSERT ON views.words_log FOR EACH ROW EXECUTE FUNCTION slow()";
    private static final String FAST_ROWS = """
            CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RETURN NEW; END $$""";

    private static void produce(Words words) {
        words.producer(Map.of("linger.ms", 50, "batch.size", 1 << 18));
        for (int i = 0; i < EVENTS; i++) {
            words.send(i % LANES, "k" + i % KEYS, "w" + i);
        }
        words.producer(Map.of());
    }

    private static long logged(Scenario scenario) {
        return scenario.count("SELECT count(*) FROM views.words_log");
    }

    /** Looks at health and memory for that long at least, and until there is something to see. */
    private void watch(LeatProcess leat, Duration atLeast, BooleanSupplier seen) {
        long until = System.nanoTime() + atLeast.toNanos();
        await().pollInterval(Duration.ofMillis(250)).until(() -> {
            assertThat(leat.isAlive()).describedAs(leat::log).isTrue();
            assertThat(leat.get("/q/health/live").get("status").asText()).isEqualTo("UP");
            assertThat(leat.get("/q/health/ready").get("status").asText()).isEqualTo("UP");
            String metrics = fetch(leat, "/q/metrics");
            heapPeak = Math.max(heapPeak, sum(metrics, "jvm_memory_used_bytes{area=\"heap\""));
            bufferedPeak = Math.max(bufferedPeak, sum(metrics, "leat_buffered_bytes"));
            assertThat(sum(metrics, "leat_lanes{state=\"waiting\"") + sum(metrics, "leat_lanes{state=\"stopped\""))
                    .isZero();
            return System.nanoTime() >= until && seen.getAsBoolean();
        });
    }

    private String fetch(LeatProcess leat, String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(leat.url() + path))
                                    .timeout(Waits.AT_MOST)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long sum(String metrics, String name) {
        return (long) metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String residentPeak(LeatProcess leat) throws IOException {
        Path status = Path.of("/proc", Long.toString(leat.pid()), "status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("")
                        .replaceAll("\\s+", " ")
                : "VmHWM unknown";
    }

    private static void execute(Scenario scenario, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        scenario.database.jdbcUrl(), scenario.database.user(), scenario.database.password());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
