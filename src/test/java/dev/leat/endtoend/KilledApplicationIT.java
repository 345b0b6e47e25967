package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The application dies in the middle of things; nothing is lost and nothing is there twice. */
@ExtendWith(ProcessLogs.class)
class KilledApplicationIT {

    // As many as come while a process starts make a backlog of many batches, into which the next kill goes.
    private static final String PER_SECOND = "2000";
    private static final Map<String, String> SMALL_BATCHES = Map.of(
            "leat.ingest.batch-records",
            "250",
            "leat.ingest.batch-within",
            "1m",
            "leat.demo.partitions",
            "6",
            Scenario.INSTANCE,
            "leat");

    @Test
    void killed_three_times_it_still_applies_each_ride_exactly_once() {
        try (Scenario scenario = new Scenario("killed")) {
            // Given
            ExactlyOnce once = ExactlyOnce.in(scenario);
            LeatProcess generator =
                    scenario.startGenerator(Map.of("leat.demo.rate", PER_SECOND, "leat.demo.seed", "7"));
            List<Long> atKill = new ArrayList<>();

            // When
            for (int killAt : new int[] {2_500, 10_000, 20_000}) {
                LeatProcess leat = scenario.start(SMALL_BATCHES);
                await().pollInterval(Duration.ofMillis(20)).until(() -> once.applied() >= killAt);
                leat.kill9();
                atKill.add(once.applied());
            }
            int rides = once.ended(generator);
            scenario.start(SMALL_BATCHES);
            await().until(() -> once.applied() >= rides
                    && scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = 'rides'") >= rides);

            // Then
            assertThat(atKill).describedAs("killed in the middle").allMatch(applied -> applied < rides);
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_latest"))
                    .containsExactly(List.of((long) rides, (long) rides));
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_log"))
                    .containsExactly(List.of((long) rides, (long) rides));
            assertThat(scenario.duckdb("rides", "SELECT count(*), count(DISTINCT ride_id) FROM LAKE"))
                    .containsExactly(List.of((long) rides, (long) rides));
            assertThat(scenario.duckdb("SELECT count(*), count(DISTINCT ride_id) FROM read_parquet('" + scenario.lake()
                            + "/rides/**/*.parquet')"))
                    .describedAs("files that no manifest names have been swept")
                    .containsExactly(List.of((long) rides, (long) rides));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
        }
    }
}
