package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The registry, then Postgres, then Kafka are away for a while, with rides flowing all the time. The long form keeps each
 * away for longer: {@code ./mvnw verify -Dit.test=OutagesIT -Dleat.outages=long}.
 */
@ExtendWith(ProcessLogs.class)
class OutagesIT {

    private static final Duration AWAY = Duration.ofSeconds("long".equals(System.getProperty("leat.outages")) ? 20 : 5);
    private static final String PER_SECOND = "200";

    @Test
    void servers_that_go_and_come_back_cost_nothing_but_time() {
        try (Scenario scenario = new Scenario("outages")) {
            // Given
            LeatProcess generator = scenario.startGenerator(Map.of("leat.demo.rate", PER_SECOND));
            LeatProcess leat = scenario.start(Map.of("leat.ingest.backoff-max", "2s"));
            await().until(() -> logged(scenario) > 500);

            // When
            away(scenario.stack::stopRegistry, scenario.stack::startRegistry);
            away(scenario.stack::stopPostgres, scenario.stack::startPostgres);
            away(scenario.stack::stopKafka, scenario.stack::startKafka);
            int rides = ExactlyOnce.in(scenario).ended(generator);
            await().until(() -> logged(scenario) >= rides);

            // Then
            await().until(() -> scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = 'rides'") >= rides);
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_log"))
                    .containsExactly(List.of((long) rides, (long) rides));
            assertThat(scenario.count("SELECT count(*) FROM views.rides_latest"))
                    .isEqualTo(rides);
            assertThat(scenario.duckdb("rides", "SELECT count(*), count(DISTINCT ride_id) FROM LAKE"))
                    .containsExactly(List.of((long) rides, (long) rides));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertThat(leat.log()).contains("outage, lane waits").contains("outage over, lane goes on");
        }
    }

    private static void away(Runnable stop, Runnable start) {
        stop.run();
        LockSupport.parkNanos(AWAY.toNanos());
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
