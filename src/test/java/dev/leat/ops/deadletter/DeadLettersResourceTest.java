package dev.leat.ops.deadletter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.query.QueryRole;
import dev.leat.query.ThingsFixture;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(QueryRole.class)
class DeadLettersResourceTest {

    @Inject
    Flyway flyway;

    @Inject
    Pool pool;

    @BeforeEach
    void things() {
        ThingsFixture.lay(flyway, pool);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stream=zones                | 2,1",
                "stream=zones&state=open     | 2,1",
                "stream=zones&state=redriven | 3",
                "stream=zones&state=all      | 3,2,1",
                "reason=MALFORMED            | 6,5",
                "view=none                   | ''",
            })
    void dead_letters_are_listed_by_what_they_have(String query, String offsets) {
        JsonPath letters = given().get("/api/dead-letters?" + query).jsonPath();

        assertThat(String.join(",", letters.getList("dead_letters.offset", String.class)))
                .isEqualTo(offsets);
    }

    @Test
    void a_dead_letter_alone_has_the_same_fields_as_in_the_list_and_more() {
        Map<String, Object> listed =
                given().get("/api/dead-letters?stream=rides&limit=1").jsonPath().getMap("dead_letters[0]");

        Map<String, Object> alone =
                given().get("/api/dead-letters/" + listed.get("id")).jsonPath().getMap("$");

        assertThat(alone).containsAllEntriesOf(listed).containsEntry("parked_events", 0);
        assertThat(alone.keySet()).containsAll(Set.of("decoded_key", "decoded_value"));
    }

    @Test
    void all_open_dead_letters_are_meant_only_where_it_says_so() {
        Response redriven = given().post("/api/dead-letters/redrive");
        Response evicted = given().delete("/api/dead-letters");

        assertThat(redriven.statusCode()).isEqualTo(400);
        assertThat(evicted.statusCode()).isEqualTo(400);
        assertThat(evicted.jsonPath().getString("detail"))
                .isEqualTo(
                        "say which: stream, view, reason, topic or partition; or all=true for every open dead letter");
    }

    @Test
    void a_dead_letter_that_does_not_exist_is_not_found() {
        Response answer = given().get("/api/dead-letters/987654");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.jsonPath().getString("type")).isEqualTo("urn:leat:problem:unknown-dead-letter");
    }
}
