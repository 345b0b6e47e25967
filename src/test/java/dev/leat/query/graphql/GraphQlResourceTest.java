package dev.leat.query.graphql;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.query.QueryRole;
import dev.leat.query.ThingsFixture;
import dev.leat.stack.Deadline;
import graphql.introspection.IntrospectionQuery;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(QueryRole.class)
class GraphQlResourceTest {

    @Inject
    Flyway flyway;

    @Inject
    Pool pool;

    @BeforeEach
    void things() {
        ThingsFixture.lay(flyway, pool);
        Awaitility.await()
                .atMost(Deadline.GENEROUS)
                .until(() -> ask("{things {id} things_log {name}}").jsonPath().get("errors") == null);
    }

    private static Response ask(String query) {
        return ask(query, Map.of());
    }

    private static Response ask(String query, Map<String, Object> variables) {
        return given().contentType("application/json")
                .accept("application/graphql-response+json")
                .body(new JsonObject()
                        .put("query", query)
                        .put("variables", variables)
                        .encode())
                .post("/graphql");
    }

    @Test
    void rows_are_filtered_ordered_and_limited() {
        Response answer = ask("{things(where: {n: {eq: 7}}, order_by: [{id: desc}], limit: 1) {id price extra}}");

        assertThat(answer.asString())
                .startsWith("{\"data\":{\"things\":[{\"id\":2,\"price\":\"3.00\",\"extra\":null}]}")
                .endsWith("\"fresh\":{\"things\":{\"streams\":[\"rides\"],\"as_of\":\"2026-02-01T00:00:00Z\"}}}}");
        assertThat(answer.contentType()).startsWith("application/graphql-response+json");
    }

    @Test
    void every_scalar_goes_both_ways() {
        Response answer = ask(
                """
                query ($at: DateTime!, $price: Decimal, $day: Date, $uid: UUID, $id: Long!) {
                  things(where: {at: {eq: $at}, price: {eq: $price}, day: {eq: $day}, uid: {eq: $uid}, id: {in: [$id]},
                      clock: {gt: "09:00"}, local: {lt: "2027-01-01T00:00"}, blob: {eq: "YWJj"}, small: {eq: 0.1},
                      ratio: {lt: 2.0}, extra: {is_null: false}, ok: {eq: true}, name: {ne: "x"}, tags: {is_null: false},
                      took: {eq: "P14M45DT4.005S"}, exact: {eq: "2026-01-31T23:59:59.123456789Z"}}) {
                    id name ok n price at local day clock uid blob ratio small extra limit tags took exact pairs } }""",
                Map.of(
                        "at", "2026-01-31T23:59:59.5Z",
                        "price", 12.5,
                        "day", "2026-01-31",
                        "uid", "123e4567-e89b-12d3-a456-426614174000",
                        "id", "1"));

        assertThat(answer.asString())
                .startsWith("{\"data\":{\"things\":[{\"id\":1,\"name\":\"one\",\"ok\":true,\"n\":7,\"price\":\"12.50\","
                        + "\"at\":\"2026-01-31T23:59:59.500Z\",\"local\":\"2026-01-31T10:00\",\"day\":\"2026-01-31\","
                        + "\"clock\":\"10:00:00.000001\",\"uid\":\"123e4567-e89b-12d3-a456-426614174000\",\"blob\":\"YWJj\","
                        + "\"ratio\":1.5,\"small\":0.1,\"extra\":{\"a\": 1.10},\"limit\":5,"
                        + "\"tags\":[\"a,b\",null],\"took\":\"P14M45DT4.005S\","
                        + "\"exact\":\"2026-01-31T23:59:59.123456789Z\",\"pairs\":{\"k\": 1}}]}");
    }

    @Test
    void a_row_is_found_by_its_key() {
        Response answer = ask(
                "{a: things_log_by_key(_partition: 0, _offset: 2) {name} b: things_by_key(id: 9) {name} c: things_by_key(id: \"1\") {__typename}}");

        assertThat(answer.jsonPath().getString("data.a.name")).isEqualTo("e2");
        assertThat((Object) answer.jsonPath().get("data.b")).isNull();
        assertThat(answer.jsonPath().getString("data.c.__typename")).isEqualTo("things");
    }

    @Test
    void a_get_is_answered_too() {
        Response answer = given().queryParam("query", "query ($n: Int) {things(where: {n: {eq: $n}}) {id}}")
                .queryParam("variables", "{\"n\": 9}")
                .get("/graphql");

        assertThat(answer.jsonPath().getList("data.things.id")).containsExactly(3);
    }

    @Test
    void an_unknown_field_is_answered_with_those_that_exist() {
        Response answer = ask("{things_log {nope}}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.jsonPath().getString("errors[0].message"))
                .isEqualTo(
                        "Validation error (FieldUndefined@[things_log/nope]) : Field 'nope' in type 'things_log' is undefined");
        assertThat(answer.jsonPath().getList("errors[0].extensions.exists"))
                .containsExactly("_partition", "_offset", "name");
    }

    @Test
    void an_unknown_condition_is_answered_with_those_that_exist() {
        Response answer = ask("{things_log(where: {nope: {eq: 1}}) {name}}");

        assertThat(answer.jsonPath().getList("errors[0].extensions.exists"))
                .as(answer.asString())
                .containsExactly("_partition", "_offset", "name");
    }

    @Test
    void clients_of_the_older_type_get_200() {
        Response answer = given().contentType("application/json")
                .accept("application/json")
                .body("{\"query\": \"{nope}\"}")
                .post("/graphql");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("application/json");
    }

    @Test
    void a_null_in_a_filter_is_refused() {
        assertThat(ask("{things(where: {n: {eq: null}}) {id}}").jsonPath().getString("errors[0].message"))
                .isEqualTo("column 'n' is compared with null; use {is_null: true} instead");
    }

    @Test
    void a_limit_out_of_range_is_refused() {
        assertThat(ask("{things(limit: 10001) {id}}").jsonPath().getString("errors[0].message"))
                .isEqualTo("limit must be between 1 and 10000, and is '10001'");
    }

    @Test
    void more_fields_than_allowed_are_refused_unread() {
        String fields = IntStream.rangeClosed(1, 11)
                .mapToObj(i -> "f" + i + ": things {id}")
                .collect(Collectors.joining(" "));

        assertThat(ask("{" + fields + "}").jsonPath().getString("errors[0].message"))
                .isEqualTo(
                        "the query has 11 top-level fields; at most 10 are answered (leat.query.graphql.max-fields)");
    }

    @Test
    void what_is_no_request_is_a_problem() {
        Response answer =
                given().contentType("application/json").body("{\"query\"").post("/graphql");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.jsonPath().getString("detail")).isEqualTo("the body is not JSON");
    }

    @Test
    void tools_can_look_at_the_schema() {
        Response answer = ask(IntrospectionQuery.INTROSPECTION_QUERY);

        assertThat((Object) answer.jsonPath().get("errors")).isNull();
        assertThat(answer.jsonPath().getList("data.__schema.types.name", String.class))
                .contains("things", "things_where", "things_order", "Decimal", "JSON");
    }

    @Test
    void a_column_that_a_view_gains_shows_up_without_a_restart() {
        ThingsFixture.addColumn(pool);

        Awaitility.await().atMost(Deadline.GENEROUS).untilAsserted(() -> assertThat(
                        ask("{things(limit: 1) {tip}}").jsonPath().getList("data.things.tip"))
                .containsExactly(3));
    }
}
