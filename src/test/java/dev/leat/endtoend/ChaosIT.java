package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.endtoend.Chaos.Fault;
import dev.leat.endtoend.ChaosOracle.Account;
import dev.leat.endtoend.ChaosSteps.Sent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three instances take in events while they are killed, stalled, cut off from Postgres and sent away, and while the
 * broker restarts. In the end views, dead letters, checkpoints and lake are what an oracle makes of what the producer was
 * told that Kafka has.
 *
 * <p>Prints its seed, from which follow the events and what happens when; {@code -Dleat.chaos.seed=…} gives one. The
 * short form, about a minute, is part of {@code ./mvnw verify}; the long form is asked for:
 *
 * <pre>./mvnw verify -Dit.test=ChaosIT -Dleat.chaos=long</pre>
 */
@ExtendWith(ProcessLogs.class)
class ChaosIT {

    private static final boolean LONG = "long".equals(System.getProperty("leat.chaos"));
    private static final int STEPS = LONG ? 300_000 : 40_000;
    private static final Duration RAGE = Duration.ofSeconds(LONG ? 240 : 24);
    private static final Map<String, String> SETTINGS = Map.of(
            "leat.ingest.batch-records", "200",
            "leat.ingest.batch-within", "1m",
            "mp.messaging.incoming.events.heartbeat.interval.ms", "1000",
            // Shorter than the longest stall, so that a transaction that stalls is ended too.
            "quarkus.datasource.reactive.additional-properties.idle_in_transaction_session_timeout", "6000");

    private final long seed = Long.getLong("leat.chaos.seed", new Random().nextInt(1_000_000));
    private final Scenario scenario =
            new Scenario("chaos", ChaosIT::pipeline, name -> List.of(new NewTopic(topic(name), 6, (short) 1)));

    private static String topic(String name) {
        return name + ".steps";
    }

    private static String pipeline(String name) {
        return """
                streams:
                  steps:
                    topic: %s
                    contract: %s
                    key: account
                    event-time: at
                    deduplicate: {by: event_id, within: 7d}
                    lake: {roll: {every: 2s}}
                views:
                  steps_latest: {latest: steps}
                  steps_log: {log: steps}
                """.formatted(topic(name), ChaosSteps.CONTRACT.toAbsolutePath());
    }

    private static Map<Fault, Integer> faults() {
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        faults.put(Fault.KILL, LONG ? 14 : 3);
        faults.put(Fault.STALL, LONG ? 8 : 2);
        faults.put(Fault.LEAVE, LONG ? 4 : 1);
        faults.put(Fault.CUT, LONG ? 14 : 3);
        faults.put(Fault.REFUSE, LONG ? 6 : 1);
        faults.put(Fault.TERMINATE_SESSIONS, LONG ? 6 : 1);
        faults.put(Fault.RESTART_BROKER, LONG ? 4 : 1);
        faults.put(Fault.CRASH_POSTGRES, LONG ? 2 : 0);
        return faults;
    }

    @Test
    void whatever_happens_each_event_counts_once_and_in_order() throws Exception {
        System.err.println("[chaos] -Dleat.chaos.seed=" + seed);
        Chaos chaos = new Chaos(scenario, 3, SETTINGS, seed);
        try (scenario;
                chaos) {
            // Given
            String subject = topic(scenario.name) + "-value";
            int schemaId = Framed.register(scenario.stack, subject, Files.readString(ChaosSteps.CONTRACT));
            ChaosSteps steps = new ChaosSteps(scenario.stack.kafka(), topic(scenario.name), schemaId, seed);
            chaos.startInstances();
            CompletableFuture<List<Sent>> sending = CompletableFuture.supplyAsync(
                    () -> steps.send(STEPS, RAGE), sender -> Thread.ofPlatform().start(sender));
            await().until(() -> rowsOfLog() > 0);

            // When
            chaos.rage(faults(), RAGE);
            chaos.heal();
            List<Sent> sent = sending.get();
            awaitSettled();

            // Then
            ChaosOracle oracle = new ChaosOracle(sent);
            assertThat(oracle.repeats()).describedAs("events sent twice").isGreaterThan(STEPS / 30);
            assertLogAndLatest(oracle);
            assertLakeIsTheLog();
            assertDeadLetters(oracle);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "-Dleat.chaos.seed=" + seed + "\n" + e.getMessage() + "\nwhat happened:\n" + chaos.history(), e);
        }
    }

    private long rowsOfLog() {
        return scenario.count("SELECT count(*) FROM views.steps_log");
    }

    /** Views and lake have come to the end of every partition. */
    private void awaitSettled() {
        List<List<Object>> ends = ExactlyOnce.endOffsets(scenario, topic(scenario.name));
        await("checkpoints at the ends of the log, " + ends)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    assertThat(scenario.rows("SELECT partition, next_offset FROM leat.checkpoint ORDER BY 1"))
                            .describedAs("of the views")
                            .isEqualTo(ends);
                    assertThat(scenario.rows("SELECT partition, next_offset FROM leat.lake_checkpoint ORDER BY 1"))
                            .describedAs("of the lake")
                            .isEqualTo(ends);
                });
    }

    private void assertLogAndLatest(ChaosOracle oracle) {
        Map<String, Account> expected = oracle.accounts();
        Map<String, List<Object>> log =
                byAccount("SELECT account, string_agg(seq::text, '|' ORDER BY _partition, _offset), count(*),"
                        + " sum(amount)::bigint FROM views.steps_log GROUP BY 1");
        Map<String, List<Object>> latest =
                byAccount("SELECT account, event_id, seq, amount, (extract(epoch FROM at) * 1000000)::bigint"
                        + " FROM views.steps_latest");
        List<String> wrong = new ArrayList<>();
        expected.forEach((name, account) -> {
            compare(wrong, "log of " + name, List.of(account.seqs(), account.count(), account.sum()), log.get(name));
            var last = account.last();
            compare(
                    wrong,
                    "latest of " + name,
                    List.of(last.eventId(), last.seq(), last.amount(), last.at()),
                    latest.get(name));
        });
        assertThat(wrong).isEmpty();
        assertThat(log.keySet()).isEqualTo(expected.keySet());
        assertThat(latest.keySet()).isEqualTo(expected.keySet());
    }

    private Map<String, List<Object>> byAccount(String sql) {
        Map<String, List<Object>> rows = new TreeMap<>();
        for (List<Object> row : scenario.rows(sql)) {
            rows.put((String) row.getFirst(), row.subList(1, row.size()));
        }
        return rows;
    }

    private static void compare(List<String> wrong, String what, List<?> expected, List<Object> actual) {
        if (!expected.equals(actual)) {
            wrong.add(what + "\n  expected " + expected + "\n  but was  " + actual);
        }
    }

    private void assertLakeIsTheLog() {
        List<List<Object>> log = scenario.rows(
                "SELECT _partition, _offset, event_id, account, seq, amount, (extract(epoch FROM at) * 1000000)::bigint,"
                        + " _deleted FROM views.steps_log ORDER BY 1, 2");
        String columns = "SELECT _partition, _offset, event_id, account, seq, amount, epoch_us(\"at\"), _deleted FROM ";
        assertThat(scenario.duckdb("steps", columns + "LAKE ORDER BY 1, 2"))
                .describedAs("the lake")
                .isEqualTo(log);
        assertThat(scenario.duckdb(
                        columns + "read_parquet('" + scenario.lake() + "/steps/**/*.parquet') ORDER BY 1, 2"))
                .describedAs("the lake's folder, without asking the manifest")
                .isEqualTo(log);
    }

    private void assertDeadLetters(ChaosOracle oracle) {
        List<List<Object>> expected = oracle.broken().stream()
                .map(broken -> List.<Object>of(
                        broken.partition(),
                        broken.offset(),
                        "NOT_FRAMED",
                        new String(broken.value(), StandardCharsets.UTF_8)))
                .toList();
        assertThat(scenario.rows(
                        "SELECT partition, \"offset\", reason, convert_from(value, 'UTF8')" + " FROM leat.dead_letter"))
                .describedAs("dead letters")
                .containsExactlyInAnyOrderElementsOf(expected);
    }
}
