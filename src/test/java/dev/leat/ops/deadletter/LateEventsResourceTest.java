package dev.leat.ops.deadletter;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.query.QueryRole;
import dev.leat.stack.Deadline;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(QueryRole.class)
class LateEventsResourceTest {

    @Inject
    Flyway flyway;

    @Inject
    Pool pool;

    @BeforeEach
    void late() {
        flyway.migrate();
        pool.query("""
                        TRUNCATE leat.late_event;
                        INSERT INTO leat.late_event (view, stream, topic, partition, "offset", event_time, window_end)
                        SELECT v, 'rides', 'taxi.rides', 2, o, '2026-01-31T10:00:30Z', '2026-01-31T10:01:00Z'
                        FROM unnest('{by_minute,by_minute,other}'::text[], '{5,6,7}'::bigint[]) AS u(v, o)
                        """).execute().await().atMost(Deadline.GENEROUS);
    }

    @Test
    void late_events_of_a_view_come_newest_first_a_page_at_a_time() {
        JsonPath first = given().get("/api/late-events?view=by_minute&limit=1").jsonPath();
        JsonPath second = given().get("/api/late-events?view=by_minute&before=" + first.getLong("late_events[0].id"))
                .jsonPath();

        assertThat(first.getList("late_events.offset")).containsExactly(6);
        assertThat(second.getList("late_events.offset")).containsExactly(5);
        assertThat(second.getString("late_events[0].window_end")).startsWith("2026-01-31T10:01:00");
        assertThat(second.getInt("late_events[0].partition")).isEqualTo(2);
    }
}
