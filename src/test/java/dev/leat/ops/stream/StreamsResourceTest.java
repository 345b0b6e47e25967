package dev.leat.ops.stream;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.query.QueryRole;
import dev.leat.query.ThingsFixture;
import dev.leat.stack.LocalStack;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(QueryRole.class)
class StreamsResourceTest {

    @Inject
    Flyway flyway;

    @Inject
    Pool pool;

    @BeforeEach
    void things() {
        ThingsFixture.lay(flyway, pool);
    }

    @Test
    void a_stream_shows_its_lanes_dead_letters_and_lake() {
        JsonPath stream = given().get("/api/streams/rides").jsonPath();

        assertThat(stream.getString("topic")).isEqualTo("taxi.rides");
        assertThat(stream.getInt("partitions[0].checkpoint")).isEqualTo(42);
        assertThat(stream.getInt("dead_letters.count")).isEqualTo(2);
        assertThat(stream.getInt("dead_letters.by_reason.MALFORMED")).isEqualTo(2);
        assertThat(stream.getInt("lake.files")).isZero();
    }

    @Test
    void a_stream_of_which_a_version_is_unfit_is_parked_until_its_letters_are_resolved() {
        JsonPath zones = given().get("/api/streams/zones").jsonPath();

        assertThat(zones.getString("state")).isEqualTo("parked");
        assertThat(zones.getList("unfit_versions.schema_id")).containsExactly(7);
        assertThat(zones.getString("unfit_versions[0].message")).isEqualTo("Zone with id 7 is unfit");
        assertThat(zones.getInt("unfit_versions[0].dead_letters")).isEqualTo(2);
        assertThat(zones.getString("unfit_versions[0].since")).isNotNull();
        assertThat(given().get("/api/streams/rides").jsonPath().getString("state"))
                .isEqualTo("flowing");
    }

    @Test
    void all_declared_streams_are_listed() {
        assertThat(given().get("/api/streams").jsonPath().getList("streams.stream"))
                .containsExactly("rides", "zones");
    }

    @Test
    void dead_letters_come_newest_first() {
        JsonPath letters = given().get("/api/dead-letters?stream=rides&limit=1").jsonPath();

        assertThat(letters.getList("dead_letters.offset")).containsExactly(6);
        assertThat(letters.getString("dead_letters[0].value")).isEqualTo("YWJk");
        assertThat(letters.getMap("dead_letters[0].headers")).isEmpty();
    }

    @Test
    void an_unknown_stream_is_answered_with_those_that_exist() {
        Response answer = given().get("/api/dead-letters?stream=nope");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.jsonPath().getString("detail"))
                .isEqualTo("there is no stream 'nope'; there are rides, zones");
    }

    @Test
    void a_stream_shows_the_versions_of_its_contract() {
        Response answer = given().get("/api/streams/zones/schema");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.jsonPath().getString("subject")).isEqualTo("taxi.zones-value");
        assertThat(given().get("/api/streams/nope/schema").statusCode()).isEqualTo(404);
    }

    @Test
    void while_the_registry_is_away_the_versions_are_unavailable_and_the_rest_is_not() {
        LocalStack.shared().stopRegistry();
        try {
            Response answer = given().get("/api/streams/rides/schema");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.contentType()).startsWith("application/problem+json");
            assertThat(answer.jsonPath().getString("type")).isEqualTo("urn:leat:problem:registry-unavailable");
            assertThat(given().get("/api/streams/rides").statusCode()).isEqualTo(200);
        } finally {
            LocalStack.shared().startRegistry();
        }
    }

    @Test
    void what_retention_deleted_is_no_lag() {
        assertThat(StreamStates.partition(0, null, new TopicOffsets.Range(100, 130), null, null)
                        .lag())
                .isEqualTo(30);
        assertThat(StreamStates.partition(0, null, null, null, null).lag()).isNull();
    }
}
