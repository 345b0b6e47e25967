package dev.leat.ops.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.failure.Failures;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UncomputedGroupsTest {

    private final ViewsFixture database = new ViewsFixture();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Failures failures = new Failures(InstantSource.system());
    private final SqlFixture views =
            new SqlFixture(database, """
            streams: {s: {topic: t, key: id, event-time: at}}
            views:
              quotients: {sql: 'SELECT g, sum(a) / count(b) AS c, 10 / sum(a) AS d FROM s GROUP BY g'}
              plain: {sql: 'SELECT g, sum(a) AS a FROM s GROUP BY g'}
            """, Map.of("s", "id:STRING! g:STRING! a:LONG b:LONG at:TIMESTAMP!"));
    private final UncomputedGroups groups = new UncomputedGroups(
            views.pipeline(), views.writers(), database.pool(), database.config(), meters, failures);

    @AfterEach
    void close() {
        database.close();
    }

    private Double of(String view) {
        Gauge gauge =
                meters.find("leat.view.groups.uncomputed").tag("view", view).gauge();
        return gauge == null ? null : gauge.value();
    }

    @Test
    void groups_that_cannot_be_computed_are_counted_until_they_can_be() {
        // Given
        views.event("s", 0, "1", "no b", 1L, null, 0L)
                .event("s", 0, "2", "neither", 0L, null, 0L)
                .event("s", 0, "3", "good", 1L, 1L, 0L)
                .flush();

        // When
        groups.look();

        // Then
        assertThat(of("quotients")).isEqualTo(2);
        assertThat(of("plain")).describedAs("nothing is computed of its groups").isNull();

        // When
        views.event("s", 0, "4", "no b", 1L, 1L, 0L).flush();
        groups.look();

        // Then
        assertThat(of("quotients")).isEqualTo(1);
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void what_keeps_them_from_being_counted_is_shown() {
        views.event("s", 0, "1", "x", 1L, 1L, 0L).flush();
        database.rows("SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'problem_%'")
                .forEach(function -> database.run("DROP FUNCTION " + function.getFirst()));

        groups.look();

        assertThat(failures.current()).singleElement().satisfies(failure -> assertThat(failure.scope())
                .hasToString("process counting groups of quotients"));
    }
}
