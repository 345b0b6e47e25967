package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A view is changed, and another one added, while events flow as fast as this machine easily takes them in. */
@ExtendWith(ProcessLogs.class)
class ChangedViewIT {

    private static final int BACKLOG = 16_000;
    // Of what a process that has just started takes in, alone. Others start beside it.
    private static final double EASILY = 0.03;
    // Many batches and pauses between them, so that there is something to see while a view is rebuilt.
    private static final Map<String, String> IN_SMALL_STEPS = Map.of(
            "leat.rebuild.batch-records",
            "500",
            "leat.rebuild.hand-over-records",
            "500",
            "leat.rebuild.share",
            "0.2",
            Scenario.INSTANCE,
            "leat");

    @Test
    void the_live_lanes_are_not_held_up_while_two_views_are_made_anew() {
        try (Scenario scenario = new Scenario("live")) {
            // Given
            scenario.declare(pipeline(scenario, """
                  rides_latest: {latest: rides}
                  rides_log: {log: rides}
                  by_vendor: {sql: 'SELECT vendor_id, count(*) AS rides FROM rides GROUP BY 1'}
                """));
            ExactlyOnce views = ExactlyOnce.in(scenario);
            sendBacklog(scenario, views);
            LeatProcess leat = scenario.start(IN_SMALL_STEPS);
            int perSecond = easyRate(views);
            LeatProcess generator = startGenerator(scenario, perSecond);
            await().until(() -> views.produced() > BACKLOG + perSecond && lag(views) < perSecond);

            // When
            long producedBefore = views.produced();
            leat.post("/api/views/rides_latest/rebuild");
            leat.post("/api/views/by_vendor/rebuild");
            List<Long> seen = new ArrayList<>();
            List<Long> lags = new ArrayList<>();
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                seen.add(scenario.count("SELECT count(*) FROM views.rides_latest"));
                lags.add(lag(views));
                return isDone(leat, "rides_latest") && isDone(leat, "by_vendor");
            });
            long flowed = views.produced() - producedBefore;
            int rides = views.ended(generator);

            // Then
            System.out.println("rebuilt while " + flowed + " rides flowed; lags: " + lags);
            assertThat(seen).describedAs("rows that readers saw").isSorted().doesNotContain(0L);
            assertThat(lags)
                    .describedAs("lags; lanes that were held up would lag by all that flowed, " + flowed)
                    .allMatch(lag -> lag < perSecond + flowed / 2);
            views.awaitRides(rides);
        }
    }

    @Test
    void readers_see_the_old_view_until_the_new_one_is_complete_and_nothing_is_missing_or_double() {
        try (Scenario scenario = new Scenario("changed")) {
            // Given
            ExactlyOnce views = ExactlyOnce.in(scenario);
            sendBacklog(scenario, views);
            scenario.declare(pipeline(scenario, """
                  rides_latest: {latest: rides}
                  rides_log: {log: rides}
                  by_vendor: {sql: 'SELECT vendor_id, count(*) AS rides FROM rides GROUP BY 1'}
                """));
            LeatProcess old = scenario.start(Map.of());
            LeatProcess generator = startGenerator(scenario, easyRate(views));
            await().until(() -> views.applied() > BACKLOG);

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
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                seen.add(scenario.count("SELECT count(*) FROM views.rides_latest"));
                counted.add(scenario.count("SELECT sum(rides) FROM views.by_vendor"));
                return isDone(young, "rides_latest") && isDone(young, "rides_second") && isDone(young, "by_vendor");
            });

            int rides = views.ended(generator);

            // Then
            assertThat(seen).describedAs("rows that readers saw").isSorted().doesNotContain(0L);
            assertThat(counted)
                    .describedAs("rides that readers saw counted")
                    .isSorted()
                    .doesNotContain(0L);
            views.awaitRides(rides);
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
            ExactlyOnce views = ExactlyOnce.in(scenario);
            sendBacklog(scenario, views);
            LeatProcess first = scenario.start(IN_SMALL_STEPS).awaitReady();
            await().until(() -> views.applied() >= BACKLOG);
            first.post("/api/views/rides_log/rebuild");
            await().pollInterval(Duration.ofMillis(50))
                    .until(() -> first.get("/api/views/rides_log/rebuild")
                                    .get("events_applied")
                                    .asLong()
                            > 2_000);

            // When
            first.kill9();
            LeatProcess second =
                    scenario.start(Map.of(Scenario.INSTANCE, "leat")).awaitReady();

            // Then
            await().until(() -> isDone(second, "rides_log"));
            assertThat(second.get("/api/views/rides_log/rebuild")
                            .get("events_applied")
                            .asLong())
                    .isEqualTo(BACKLOG);
            views.awaitRides(BACKLOG);
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
    private static long lag(ExactlyOnce views) {
        return views.produced() - views.applied();
    }

    /** Returns when the topic has them. */
    private static void sendBacklog(Scenario scenario, ExactlyOnce views) {
        LeatProcess generator = scenario.startGenerator(
                Map.of("leat.demo.count", Integer.toString(BACKLOG), "leat.demo.rate", "0", "leat.demo.seed", "1"));
        await().until(() -> views.produced() == BACKLOG);
        generator.terminate();
    }

    /** Rides per second, from how long the backlog takes. Returns when it is applied. */
    private static int easyRate(ExactlyOnce views) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> views.applied() > 0);
        long before = views.applied();
        long begun = System.nanoTime();
        await().pollInterval(Duration.ofMillis(20)).until(() -> views.applied() >= BACKLOG);
        double perSecond = (BACKLOG - before) / ((System.nanoTime() - begun) / 1e9);
        return (int) Math.clamp(EASILY * perSecond, 20, 100);
    }

    /** Sends rides at that rate until it is ended. */
    private static LeatProcess startGenerator(Scenario scenario, int perSecond) {
        return scenario.startGenerator(Map.of("leat.demo.rate", Integer.toString(perSecond), "leat.demo.seed", "2"));
    }
}
