package dev.leat.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The registry, then Postgres, then Kafka are away for a while, with rides flowing all the time. */
class OutagesIT {

    private static final Duration AWAY = Duration.ofSeconds(20);
    private static final int PER_SECOND = 200;
    private static final int RIDES = 100 * PER_SECOND;

    @Test
    void servers_that_go_and_come_back_cost_nothing_but_time() {
        try (Scenario scenario = new Scenario("outages")) {
            // Given
            scenario.startGenerator(
                    Map.of("leat.demo.count", Integer.toString(RIDES), "leat.demo.rate", Integer.toString(PER_SECOND)));
            LeatProcess leat = scenario.start(Map.of());
            await().atMost(Duration.ofSeconds(60)).until(() -> logged(scenario) > 500);

            // When
            away(scenario.stack::stopRegistry, scenario.stack::startRegistry);
            away(scenario.stack::stopPostgres, scenario.stack::startPostgres);
            away(scenario.stack::stopKafka, scenario.stack::startKafka);
            await().atMost(Duration.ofSeconds(180)).until(() -> logged(scenario) >= RIDES);

            // Then
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = 'rides'") >= RIDES);
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_log"))
                    .containsExactly(List.of((long) RIDES, (long) RIDES));
            assertThat(scenario.count("SELECT count(*) FROM views.rides_latest"))
                    .isEqualTo(RIDES);
            assertThat(scenario.duckdb("rides", "SELECT count(*), count(DISTINCT ride_id) FROM LAKE"))
                    .containsExactly(List.of((long) RIDES, (long) RIDES));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertThat(leat.log()).contains("outage, lane waits").contains("outage over, lane goes on");
        }
    }

    private static void away(Runnable stop, Runnable start) {
        stop.run();
        long back = System.nanoTime() + AWAY.toNanos();
        await().atMost(AWAY.plusSeconds(5)).until(() -> System.nanoTime() >= back);
        start.run();
    }

    private static long logged(Scenario scenario) {
        try {
            return scenario.count("SELECT count(*) FROM views.rides_log");
        } catch (IllegalStateException postgresIsAway) {
            return 0;
        }
    }
}
