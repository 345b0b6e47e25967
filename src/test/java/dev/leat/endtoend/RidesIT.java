package dev.leat.endtoend;

import static dev.leat.endtoend.Waits.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.leat.stack.LeatProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real rides of July 2020, from the CSV file through Kafka to views, lake and REST. */
@ExtendWith(ProcessLogs.class)
class RidesIT {

    private static final Path CSV = Path.of("src", "test", "resources", "taxi", "rides.csv");
    private static final String BY_VENDOR =
            "SELECT vendor_id, count(*), sum(total_amount), sum(trip_distance) FROM %s GROUP BY 1 ORDER BY 1";

    @Test
    void the_real_rides_are_the_same_in_views_and_lake_as_in_the_file() throws IOException {
        try (Scenario scenario = new Scenario("rides")) {
            // Given
            Map<Integer, Sums> oracle = oracle();
            long rides = oracle.values().stream().mapToLong(Sums::rides).sum();

            // When
            LeatProcess leat = scenario.start(Map.of(
                    "leat.demo.enabled",
                    "true",
                    "leat.demo.rate",
                    "0",
                    "leat.demo.csv",
                    CSV.toAbsolutePath().toString()));
            leat.awaitReady();
            await().until(() -> scenario.count("SELECT sum(rows) FROM leat.lake_file WHERE stream = 'rides'") >= rides);

            // Then
            assertThat(scenario.count("SELECT count(*) FROM views.rides_latest"))
                    .isEqualTo(rides);
            assertThat(scenario.count("SELECT count(*) FROM views.rides_log")).isEqualTo(rides);
            assertSame(oracle, scenario.rows(BY_VENDOR.formatted("views.rides_latest")));
            assertSame(oracle, scenario.rows(BY_VENDOR.formatted("views.rides_log")));
            assertSame(oracle, scenario.duckdb("rides", BY_VENDOR.formatted("LAKE")));
            assertSame(
                    oracle,
                    scenario.duckdb(BY_VENDOR.formatted("read_parquet('" + scenario.lake() + "/rides/**/*.parquet')")));
            assertThat(scenario.count("SELECT count(*) FROM leat.dead_letter")).isZero();
            assertThat(scenario.count("SELECT count(*) FROM views.rides_latest WHERE total_amount < 0"))
                    .describedAs("voided rides")
                    .isPositive();
            assertQueries(leat, scenario);
        }
    }

    private static void assertQueries(LeatProcess leat, Scenario scenario) {
        JsonNode views = leat.get("/api/views");
        assertThat(views.findValuesAsText("name")).contains("rides_latest", "rides_log", "zones_latest");

        JsonNode rides = leat.get("/api/views/rides_latest?vendor_id=1&order=total_amount.desc&limit=3");
        assertThat(rides.get("rows")).hasSize(3);
        assertThat(rides.at("/rows/0/total_amount").asDouble())
                .isGreaterThanOrEqualTo(rides.at("/rows/2/total_amount").asDouble());

        String id = rides.at("/rows/0/ride_id").asText();
        assertThat(leat.get("/api/views/rides_latest/" + id).toString()).contains(id);

        given().baseUri(leat.url())
                .contentType("application/json")
                .body(
                        "{\"query\": \"{ rides_latest(where: {vendor_id: {eq: 2}}, limit: 2) { ride_id total_amount } }\"}")
                .post("/graphql")
                .then()
                .statusCode(200)
                .body("data.rides_latest", hasSize(2));

        assertProblem(
                leat,
                "/api/views/ride",
                404,
                "there is no view 'ride'; there are rides_latest, rides_log, zones_latest");
        assertProblem(
                leat,
                "/api/views/zones_latest?boro=Queens",
                400,
                "view 'zones_latest' has no column 'boro'; it has location_id, borough, zone, service_zone, _partition, _offset");
        assertProblem(
                leat,
                "/api/views/zones_latest?borough.like=Q",
                400,
                "column 'borough' has no operator 'like'; it has eq, ne, lt, lte, gt, gte, in, is_null");
        assertProblem(leat, "/api/views/rides_latest/none", 404, "view 'rides_latest' has no row with the key 'none'");

        given().baseUri(leat.url())
                .contentType("application/json")
                .body("{\"query\": \"{ rides_latest { fare } }\"}")
                .post("/graphql")
                .then()
                .body("errors[0].message", containsString("fare"));

        assertThat(leat.get("/api/streams").toString()).contains(scenario.rides, "\"lag\":0");
        given().baseUri(leat.url()).get("/q/openapi").then().body(containsString("/api/views/{view}"));
        given().baseUri(leat.url()).get("/q/metrics").then().body(containsString("leat_events_applied_total"));
    }

    private static void assertProblem(LeatProcess leat, String path, int status, String detail) {
        given().baseUri(leat.url())
                .get(path)
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("detail", equalTo(detail));
    }

    private record Sums(long rides, double amount, double distance) {
        Sums plus(double amount, double distance) {
            return new Sums(rides + 1, this.amount + amount, this.distance + distance);
        }
    }

    /** Reads the file by its columns' names and adds up; shares no code with the product. */
    private static Map<Integer, Sums> oracle() throws IOException {
        List<String> lines = Files.readAllLines(CSV);
        Map<String, Integer> columns = new HashMap<>();
        String[] header = lines.getFirst().split(",");
        for (int i = 0; i < header.length; i++) {
            columns.put(header[i], i);
        }
        Map<Integer, Sums> sums = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            int vendor = Integer.parseInt(cells[columns.get("VendorID")]);
            sums.put(
                    vendor,
                    sums.getOrDefault(vendor, new Sums(0, 0, 0))
                            .plus(
                                    Double.parseDouble(cells[columns.get("total_amount")]),
                                    Double.parseDouble(cells[columns.get("trip_distance")])));
        }
        return sums;
    }

    private static void assertSame(Map<Integer, Sums> oracle, List<List<Object>> rows) {
        assertThat(rows).hasSameSizeAs(oracle.keySet());
        for (List<Object> row : rows) {
            Sums expected = oracle.get(((Number) row.get(0)).intValue());
            assertThat(((Number) row.get(1)).longValue()).isEqualTo(expected.rides());
            assertThat(((Number) row.get(2)).doubleValue()).isCloseTo(expected.amount(), within(1e-6));
            assertThat(((Number) row.get(3)).doubleValue()).isCloseTo(expected.distance(), within(1e-6));
        }
    }
}
