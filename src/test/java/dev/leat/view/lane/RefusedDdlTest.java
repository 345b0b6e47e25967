package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failure;
import dev.leat.failure.Scope;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Postgres refuses to create one stream's view in SQL. */
class RefusedDdlTest {

    private static final Scope REFUSED = Scope.view("zones_counted");
    private static final String COLUMNS = "id:STRING! at:TIMESTAMP!";

    private final ViewsFixture database = new ViewsFixture();
    private SqlFixture views;

    @BeforeEach
    void occupyItsName() {
        database.run("CREATE SCHEMA views");
        database.run("CREATE TABLE views.zones_counted (somebody_elses integer)");
        views = new SqlFixture(database, """
                streams:
                  rides: {topic: t.rides, key: id, event-time: at}
                  zones: {topic: t.zones, key: id, event-time: at}
                views:
                  rides_counted: {sql: 'SELECT id, count(*) AS n FROM rides GROUP BY 1'}
                  zones_counted: {sql: 'SELECT id, count(*) AS n FROM zones GROUP BY 1'}
                  zones_doubled: {sql: 'SELECT id, n * 2 AS n FROM zones_counted'}
                """, Map.of("rides", COLUMNS, "zones", COLUMNS));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<List<Object>> made() {
        return database.rows("SELECT name FROM leat.view WHERE table_name <> '' ORDER BY name");
    }

    private void vacateItsName() {
        database.run("DROP TABLE views.zones_counted");
    }

    @Test
    void a_view_that_cannot_be_created_stops_alone_and_is_tried_again() {
        // Given
        AtomicInteger woken = new AtomicInteger();
        views.onResume(woken::incrementAndGet);

        // When
        views.event("zones", 0, "z1", 0L).event("rides", 0, "r1", 0L).flush();
        views.uncreated().createAgain();

        // Then
        assertThat(made()).containsExactly(List.of("rides_counted"));
        assertThat(views.rows("SELECT id, n FROM views.rides_counted")).containsExactly(List.of("r1", 1L));
        assertThat(views.failures().of(REFUSED)).singleElement().satisfies(failure -> {
            assertThat(failure.cause()).isEqualTo(Failure.Cause.UNFIT);
            assertThat(failure.rests()).isFalse();
            assertThat(failure.message())
                    .contains("zones_counted")
                    .endsWith("; the view isn't created: mend that, and it is tried again by itself and derived from"
                            + " history");
        });

        // When
        boolean resumed = views.failures().resume(REFUSED);

        // Then
        assertThat(resumed).isTrue();
        assertThat(woken).hasValue(1);
    }

    @Test
    void before_its_streams_are_read_it_is_created_as_any_other() {
        // When
        vacateItsName();
        views.uncreated().createAgain();
        views.event("zones", 0, "z1", 0L).flush();

        // Then
        assertThat(made())
                .containsExactly(List.of("rides_counted"), List.of("zones_counted"), List.of("zones_doubled"));
        assertThat(views.rows("SELECT id, n FROM views.zones_doubled")).containsExactly(List.of("z1", 2L));
        assertThat(views.failures().current()).isEmpty();
        assertThat(database.rows("SELECT view FROM leat.rebuild")).isEmpty();
    }

    @Test
    void what_was_read_without_it_is_derived_from_history() {
        // Given
        views.event("zones", 0, "z1", 0L).event("zones", 1, "z1", 0L).flush();

        // When
        vacateItsName();
        views.uncreated().createAgain();
        views.event("zones", 0, "z1", 0L).flush();

        // Then
        assertThat(database.rows("SELECT view, state FROM leat.rebuild"))
                .containsExactly(List.of("zones_counted", "REQUESTED"));
        assertThat(views.failures().current()).isEmpty();

        // When
        views.begin("zones_counted");
        Random random = new Random(1);
        while (!views.step("zones_counted", random)) {
            views.event("zones", 1, "z2", 0L).flush();
        }
        views.event("zones", 0, "z1", 0L).event("zones", 1, "z1", 0L).flush();

        // Then
        assertThat(views.rows("SELECT n FROM views.zones_counted WHERE id = 'z1'"))
                .containsExactly(List.of(5L));
        assertThat(views.rows("SELECT n FROM views.zones_doubled WHERE id = 'z1'"))
                .containsExactly(List.of(10L));
    }

    @Test
    void one_that_another_instance_has_created_takes_its_events_at_once() {
        // Given
        views.event("zones", 0, "z1", 0L).flush();
        vacateItsName();
        SqlFixture other = views.another("""
                streams:
                  rides: {topic: t.rides, key: id, event-time: at}
                  zones: {topic: t.zones, key: id, event-time: at}
                views:
                  rides_counted: {sql: 'SELECT id, count(*) AS n FROM rides GROUP BY 1'}
                  zones_counted: {sql: 'SELECT id, count(*) AS n FROM zones GROUP BY 1'}
                """).begin("zones_counted");
        Random random = new Random(1);
        while (!other.step("zones_counted", random)) {}

        // When
        views.event("zones", 0, "z1", 0L).flush();

        // Then
        assertThat(views.rows("SELECT n FROM views.zones_counted")).containsExactly(List.of(2L));
        assertThat(views.failures().current()).isEmpty();
    }
}
