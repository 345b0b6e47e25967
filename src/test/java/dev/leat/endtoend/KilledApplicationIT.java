package dev.leat.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The application dies in the middle of things; nothing is lost and nothing is there twice. */
class KilledApplicationIT {

    private static final int RIDES = 200_000;
    private static final Map<String, String> SMALL_BATCHES =
            Map.of("leat.ingest.batch-records", "500", "leat.demo.partitions", "6");

    @Test
    void killed_three_times_it_still_applies_each_ride_exactly_once() {
        try (Scenario scenario = new Scenario("killed")) {
            // Given
            scenario.startGenerator(Map.of(
                    "leat.demo.count", Integer.toString(RIDES), "leat.demo.rate", "15000", "leat.demo.seed", "7"));

            // When
            for (int killAt : new int[] {20_000, 70_000, 130_000}) {
                LeatProcess leat = scenario.start(SMALL_BATCHES);
                await().atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> applied(scenario) >= killAt);
                leat.kill9();
                assertThat(applied(scenario))
                        .describedAs("killed in the middle")
                        .isLessThan(RIDES);
            }
            scenario.start(SMALL_BATCHES);
            await().atMost(Duration.ofSeconds(120))
                    .until(() -> applied(scenario) >= RIDES
                            && scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = 'rides'") >= RIDES);

            // Then
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_latest"))
                    .containsExactly(List.of((long) RIDES, (long) RIDES));
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_log"))
                    .containsExactly(List.of((long) RIDES, (long) RIDES));
            assertThat(scenario.duckdb("rides", "SELECT count(*), count(DISTINCT ride_id) FROM LAKE"))
                    .containsExactly(List.of((long) RIDES, (long) RIDES));
            assertThat(scenario.duckdb("SELECT count(*), count(DISTINCT ride_id) FROM read_parquet('" + scenario.lake()
                            + "/rides/**/*.parquet')"))
                    .describedAs("files that no manifest names have been swept")
                    .containsExactly(List.of((long) RIDES, (long) RIDES));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
        }
    }

    private static long applied(Scenario scenario) {
        return scenario.count("SELECT sum(next_offset) FROM leat.checkpoint WHERE topic = '" + scenario.rides + "'");
    }
}
