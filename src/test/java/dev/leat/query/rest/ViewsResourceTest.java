package dev.leat.query.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.query.QueryRole;
import dev.leat.query.ThingsFixture;
import dev.leat.stack.Deadline;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(QueryRole.class)
class ViewsResourceTest {

    @Inject
    Flyway flyway;

    @Inject
    Pool pool;

    @BeforeEach
    void things() {
        ThingsFixture.lay(flyway, pool);
        Awaitility.await()
                .atMost(Deadline.GENEROUS)
                .until(() -> given().get("/api/views/things").statusCode() == 200);
    }

    @Test
    void a_row_has_every_type_as_json_writes_it() {
        String answer = given().get("/api/views/things/1").asString();

        assertThat(answer)
                .isEqualTo(
                        "{\"view\":\"things\",\"row\":{\"id\":1,\"name\":\"one\",\"ok\":true,\"n\":7,\"price\":\"12.50\","
                                + "\"at\":\"2026-01-31T23:59:59.500Z\",\"local\":\"2026-01-31T10:00\",\"day\":\"2026-01-31\","
                                + "\"clock\":\"10:00:00.000001\",\"uid\":\"123e4567-e89b-12d3-a456-426614174000\",\"blob\":\"YWJj\","
                                + "\"ratio\":1.5,\"small\":0.1,\"extra\":{\"a\": 1.10},\"limit\":5,"
                                + "\"tags\":[\"a,b\",null],\"took\":\"P14M45DT4.005S\","
                                + "\"exact\":\"2026-01-31T23:59:59.123456789Z\",\"pairs\":{\"k\": 1}},"
                                + "\"fresh\":{\"streams\":[\"rides\"],\"as_of\":\"2026-02-01T00:00:00Z\"}}");
    }

    @Test
    void a_number_that_json_lacks_is_a_string() {
        assertThat(given().get("/api/views/things/2").jsonPath().getString("row.ratio"))
                .isEqualTo("NaN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                  | 1,2,3",
                "n=7                               | 1,2",
                "n=7&order=id.desc                 | 2,1",
                "order=n.desc,price                | 3,2,1",
                "order=price.desc                  | 1,2,3",
                "limit=2                           | 1,2",
                "limit.eq=6                        | 2",
                "id.in=1,3                         | 1,3",
                "id.in=                            | ''",
                "id.ne=1                           | 2,3",
                "id.gt=1&id.lt=3                   | 2",
                "price.gte=3.0&price.lte=12.5      | 1,2",
                "ok=false                          | 2",
                "ok.is_null=true                   | 3",
                "extra.is_null=false               | 1",
                "at=2026-02-01T00:59:59.5%2B01:00  | 1",
                "local.lt=2027-01-01T00:00         | 1",
                "day=2026-01-31                    | 1",
                "clock.gt=09:00                    | 1",
                "uid=123e4567-e89b-12d3-a456-426614174000 | 1",
                "blob=YWJj                         | 1",
                "ratio.lt=2                        | 1",
                "small=0.1                         | 1",
                "name=o'ne                         | ''",
                "took=P14M45DT4.005S               | 1",
                "took.gt=P14M45DT4.005S            | ''",
                "exact=2026-01-31T23:59:59.123456789Z | 1",
                "exact.lt=2026-01-31T23:59:59.123456789Z | ''",
                "tags.is_null=false&pairs.is_null=false | 1",
            })
    void a_query_string_picks_and_orders_rows(String question, String ids) {
        Response answer =
                given().urlEncodingEnabled(false).get("/api/views/things" + (question == null ? "" : "?" + question));

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.jsonPath().getList("rows.id", String.class))
                .isEqualTo(ids.isEmpty() ? List.of() : List.of(ids.split(",")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope                | 404 | there is no view 'nope'; there are things, things_log",
                "things_log?x=1      | 400 | view 'things_log' has no column 'x'; it has _partition, _offset, name",
                "things_log?order=x  | 400 | view 'things_log' has no column 'x'; it has _partition, _offset, name",
                "things?n.like=1     | 400 | column 'n' has no operator 'like'; it has eq, ne, lt, lte, gt, gte, in, is_null",
                "things?extra=1      | 400 | column 'extra' has no operator 'eq'; it has is_null",
                "things?tags=a       | 400 | column 'tags' has no operator 'eq'; it has is_null",
                "things?took=3 days  | 400 | column 'took' is of type interval and takes a duration of months, days and seconds, as P14M3DT4.005S",
                "things?n=x          | 400 | column 'n' is of type integer and takes an integer of 32 bits",
                "things?day=x        | 400 | column 'day' is of type date and takes a date, as 2026-01-31",
                "things?price=1e99999| 400 | column 'price' is of type numeric(10,2) and takes a decimal number, as 12.50",
                "things?n.is_null=x  | 400 | operator 'is_null' of column 'n' takes true or false",
                "things?order=n.up   | 400 | order 'n.up' is neither 'n', 'n.asc' nor 'n.desc'",
                "things?limit=0      | 400 | limit must be between 1 and 10000, and is '0'",
                "things?limit=x      | 400 | limit must be between 1 and 10000, and is 'x'",
                "things/9            | 404 | view 'things' has no row with the key '9'",
                "things/x            | 400 | column 'id' is of type bigint and takes an integer of 64 bits",
                "things_log/1        | 400 | a row of view 'things_log' is named by 2 part(s), _partition/_offset, not by 1",
            })
    void what_cannot_be_answered_says_what_exists(String path, int status, String detail) {
        Response answer = given().get("/api/views/" + path);

        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.jsonPath().getInt("status")).isEqualTo(status);
        assertThat(answer.jsonPath().getString("detail")).isEqualTo(detail);
        assertThat(answer.jsonPath().getString("type")).startsWith("urn:leat:problem:");
    }

    @Test
    void a_compound_key_is_a_path() {
        assertThat(given().get("/api/views/things_log/0/2").jsonPath().getString("row.name"))
                .isEqualTo("e2");
    }

    @Test
    void views_are_described_with_their_columns() {
        Response answer = given().get("/api/views");

        assertThat(answer.jsonPath().getList("views.name")).containsExactly("things", "things_log");
        assertThat(answer.jsonPath().getString("views[0].columns[3].doc")).isEqualTo("How many");
        assertThat(answer.jsonPath().getString("views[1].links.row"))
                .isEqualTo("/api/views/things_log/{_partition}/{_offset}");
    }

    @Test
    void the_api_is_described() {
        assertThat(given().get("/q/openapi").asString())
                .contains("/api/views/{view}/{key}", "/api/streams", "/api/dead-letters", "/graphql");
    }

    @Test
    void readiness_waits_for_the_catalogue() {
        assertThat(given().get("/q/health/ready").jsonPath().getList("checks.name", String.class))
                .contains("catalogue of views");
    }

    /** The checks that the clients of Postgres bring wait for a connection, of a pool that only migrations use. */
    @Test
    void readiness_waits_for_no_connection() {
        assertThat(given().get("/q/health/ready").jsonPath().getList("checks.name", String.class))
                .contains("catalogue of views", "failures", "lanes")
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("connection"));
    }
}
