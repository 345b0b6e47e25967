package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.PipelineFiles;
import dev.leat.schema.topic.ContractShape;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The views in SQL of the pipeline that is shipped. */
class TaxiViewsTest {

    private static final OffsetDateTime NOON = OffsetDateTime.parse("2026-03-01T12:00:00Z");

    @Test
    void rides_have_their_zones_and_are_counted_by_zone_and_minute_and_by_borough_and_hour() {
        try (ViewsFixture database = new ViewsFixture()) {
            // Given
            SqlFixture views = new SqlFixture(
                            database,
                            PipelineFiles.read("classpath:taxi/pipeline.yaml"),
                            Map.of(
                                    "rides", ContractShape.of("avro/TaxiRide.avsc"),
                                    "zones", ContractShape.of("avro/Zone.avsc")))
                    .clock(1440);
            views.event("zones", 0, 132L, "Queens", "JFK Airport", "Airports")
                    .event("zones", 0, 4L, "Manhattan", "Chinatown", "Yellow Zone")
                    .flush();

            // When
            ride(views, "a", 1, 0, 132, 4, 70.25);
            ride(views, "b", 2, 30, 132, 4, 71.5);
            ride(views, "c", 1, 59, 4, 999, 9.0);
            ride(views, "d", 1, 60 * 12, 4, 4, 8.0);
            views.flush();
            views.closeViews();

            // Then
            assertThat(views.rows(
                            "SELECT minute, pu_location_id, rides, revenue::text, longest, vendors, final FROM views.zone_minute"
                                    + " ORDER BY minute, rides"))
                    .containsExactly(
                            List.of(NOON, 4, 1L, "9.00", 1.5, 1L, true),
                            List.of(NOON, 132, 2L, "141.75", 1.5, 2L, true),
                            List.of(NOON.plusMinutes(12), 4, 1L, "8.00", 1.5, 1L, false));
            assertThat(views.rows("SELECT ride_id, borough, pickup_zone, dropoff_zone FROM views.rides_by_zone"
                            + " WHERE ride_id IN ('a', 'c') ORDER BY ride_id"))
                    .containsExactly(
                            List.of("a", "Queens", "JFK Airport", "Chinatown"),
                            Arrays.asList("c", "Manhattan", "Chinatown", null));
            assertThat(
                            views.rows(
                                    "SELECT borough, hour, rides, revenue::text, place, final FROM views.borough_hour ORDER BY place"))
                    .containsExactly(
                            List.of("Queens", NOON, 2L, "141.75", 1L, true),
                            List.of("Manhattan", NOON, 2L, "17.00", 2L, false));
        }
    }

    private static void ride(SqlFixture views, String id, long vendor, long second, long from, long to, double total) {
        long at = NOON.toEpochSecond() * 1_000_000 + second * 1_000_000;
        views.event(
                "rides", 0, id, vendor, at, at, 1L, 1.5, 1L, "N", from, to, 1L, total, 0.0, 0.5, 0.0, 0.0, 1.0, total,
                null);
    }
}
