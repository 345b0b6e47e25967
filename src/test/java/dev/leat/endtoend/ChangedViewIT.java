package dev.leat.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A view is changed, and another one added, while 5,000 events a second flow. */
class ChangedViewIT {

    private static final int PER_SECOND = 5_000;
    private static final Map<String, String> WITHOUT_END =
            Map.of("leat.demo.count", "10000000", "leat.demo.rate", Integer.toString(PER_SECOND));
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @Test
    void the_live_lanes_are_not_held_up_while_two_views_are_made_anew() {
        try (Scenario scenario = new Scenario("live")) {
            // Given
            scenario.declare(pipeline(scenario, """
                  rides_latest: {latest: rides}
                  rides_log: {log: rides}
                  by_vendor: {sql: 'SELECT vendor_id, count(*) AS rides FROM rides GROUP BY 1'}
                """));
            LeatProcess generator = scenario.startGenerator(WITHOUT_END);
            LeatProcess leat = scenario.start(Map.of()).awaitReady();
            ExactlyOnce views = ExactlyOnce.in(scenario);
            await().atMost(PATIENCE).until(() -> views.applied() > 60_000 && behind(scenario, views) < PER_SECOND);

            // When
            leat.post("/api/views/rides_latest/rebuild");
            leat.post("/api/views/by_vendor/rebuild");
            List<Long> seen = new ArrayList<>();
            List<Long> behind = new ArrayList<>();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                seen.add(scenario.count("SELECT count(*) FROM views.rides_latest"));
                behind.add(behind(scenario, views));
                return isDone(leat, "rides_latest") && isDone(leat, "by_vendor");
            });
            assertThat(generator.isAlive()).describedAs("events still flow").isTrue();
            int rides = ended(generator, scenario);

            // Then
            System.out.println("rebuilt while " + rides + " rides flowed; offsets behind: " + behind);
            assertThat(seen).describedAs("rows that readers saw").isSorted().doesNotContain(0L);
            assertThat(behind)
                    .describedAs("offsets that the lanes were behind the log")
                    .allMatch(offsets -> offsets < 2 * PER_SECOND);
            views.awaitRides(rides, PATIENCE);
        }
    }

    @Test
    void readers_see_the_old_view_until_the_new_one_is_complete_and_nothing_is_missing_or_double() {
        try (Scenario scenario = new Scenario("changed")) {
            // Given
            LeatProcess generator = scenario.startGenerator(WITHOUT_END);
            scenario.declare(pipeline(scenario, """
                  rides_latest: {latest: rides}
                  rides_log: {log: rides}
                  by_vendor: {sql: 'SELECT vendor_id, count(*) AS rides FROM rides GROUP BY 1'}
                """));
            LeatProcess old = scenario.start(Map.of()).awaitReady();
            ExactlyOnce views = ExactlyOnce.in(scenario);
            await().atMost(PATIENCE).until(() -> views.applied() > 60_000);

            // When
            scenario.declare(pipeline(scenario, """
                  rides_latest: {latest: rides, soft-delete: true}
                  rides_log: {log: rides}
                  rides_second: {log: rides}
                  by_vendor: {sql: 'SELECT vendor_id, max(trip_distance) AS most, count(*) AS rides FROM rides GROUP BY 1'}
                """));
            LeatProcess young = scenario.start(Map.of());
            young.awaitReady();
            List<Long> seen = new ArrayList<>();
            List<Long> counted = new ArrayList<>();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                seen.add(scenario.count("SELECT count(*) FROM views.rides_latest"));
                counted.add(scenario.count("SELECT sum(rides) FROM views.by_vendor"));
                return isDone(young, "rides_latest") && isDone(young, "rides_second") && isDone(young, "by_vendor");
            });

            assertThat(generator.isAlive()).describedAs("events still flow").isTrue();
            int rides = ended(generator, scenario);

            // Then
            assertThat(seen).describedAs("rows that readers saw").isSorted().doesNotContain(0L);
            assertThat(counted)
                    .describedAs("rides that readers saw counted")
                    .isSorted()
                    .doesNotContain(0L);
            views.awaitRides(rides, PATIENCE);
            assertThat(scenario.rows("SELECT count(*), count(DISTINCT ride_id) FROM views.rides_second"))
                    .isEqualTo(List.of(List.of((long) rides, (long) rides)));
            assertThat(
                            scenario.rows(
                                    "SELECT count(*) FROM views.rides_log JOIN views.rides_latest"
                                            + " USING (ride_id, _partition, _offset, pickup_at, total_amount) WHERE NOT rides_latest._deleted"))
                    .isEqualTo(List.of(List.of((long) rides)));
            assertThat(scenario.rows("SELECT vendor_id, most, rides FROM views.by_vendor ORDER BY 1"))
                    .isEqualTo(scenario.rows("SELECT vendor_id, max(trip_distance), count(*) FROM views.rides_log"
                            + " GROUP BY 1 ORDER BY 1"));
            assertThat(old.isAlive()).isTrue();
        }
    }

    @Test
    void an_instance_that_is_killed_while_it_rebuilds_is_followed_by_another() {
        try (Scenario scenario = new Scenario("killed_rebuild")) {
            // Given
            int rides = 120_000;
            scenario.startGenerator(Map.of(
                    "leat.demo.count", Integer.toString(rides), "leat.demo.rate", "20000", "leat.demo.seed", "3"));
            Map<String, String> slow = Map.of("leat.rebuild.batch-records", "500", "leat.rebuild.share", "0.2");
            LeatProcess first = scenario.start(slow).awaitReady();
            await().atMost(PATIENCE).until(() -> ExactlyOnce.in(scenario).applied() >= rides);
            first.post("/api/views/rides_log/rebuild");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> first.get("/api/views/rides_log/rebuild")
                                    .get("eventsDone")
                                    .asLong()
                            > 5_000);

            // When
            first.kill9();
            LeatProcess second = scenario.start(Map.of()).awaitReady();

            // Then
            await().atMost(PATIENCE).until(() -> isDone(second, "rides_log"));
            assertThat(second.get("/api/views/rides_log/rebuild")
                            .get("eventsDone")
                            .asLong())
                    .isEqualTo(rides);
            ExactlyOnce.in(scenario).awaitRides(rides, PATIENCE);
        }
    }

    private static String pipeline(Scenario scenario, String views) {
        return """
                streams:
                  rides:
                    topic: %1$s.rides
                    contract: avro/TaxiRide.avsc
                    key-contract: avro/TaxiRideKey.avsc
                    key: ride_id
                    event-time: pickup_at
                    lateness: 10m
                    lake: {roll: {every: 2s}}
                  zones: {topic: %1$s.zones, contract: avro/Zone.avsc, key-contract: avro/ZoneKey.avsc, key: location_id}
                views:
                  zones_latest: {latest: zones}
                %2$s""".formatted(scenario.name, views);
    }

    private static boolean isDone(LeatProcess leat, String view) {
        JsonNode rebuild = leat.get("/api/views/" + view + "/rebuild");
        return rebuild.path("state").asText().equals("done");
    }

    /** How many events of the topic the lanes haven't applied. */
    private static long behind(Scenario scenario, ExactlyOnce views) {
        return produced(scenario) - views.applied();
    }

    private static long produced(Scenario scenario) {
        return ExactlyOnce.endOffsets(scenario, scenario.rides).stream()
                .mapToLong(end -> (Long) end.get(1))
                .sum();
    }

    /** How many rides there are, once no more come. */
    private static int ended(LeatProcess generator, Scenario scenario) {
        generator.terminate();
        return Math.toIntExact(produced(scenario));
    }
}
