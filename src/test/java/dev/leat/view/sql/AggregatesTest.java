package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AggregatesTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, event-time: at}
            views:
            """;
    private static final Map<String, String> COLUMNS =
            Map.of("rides", "id:STRING! vendor:INT total:DOUBLE tags:JSON at:TIMESTAMP!");

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    private SqlFixture view(String sql) {
        return views("v: {sql: '" + sql.replace("'", "''") + "'}");
    }

    private SqlFixture views(String views) {
        return new SqlFixture(database, STREAMS + views.indent(2), COLUMNS);
    }

    @Test
    void first_and_last_go_by_event_time_whenever_events_come() {
        // Given
        SqlFixture views =
                view("SELECT vendor, first(id) AS f, last(id) AS l, last(total) FILTER (WHERE total > 2) AS big"
                        + " FROM rides GROUP BY vendor");

        // When
        views.event("rides", 0, "c", 1, 3.0, null, 30L)
                .event("rides", 0, "d", 1, null, null, 40L)
                .flush();
        views.event("rides", 1, "a", 1, 9.0, null, 10L)
                .event("rides", 1, "e", 1, 2.0, null, 40L)
                .flush();
        views.restart();
        views.event("rides", 0, "b", 1, 8.0, null, 20L).flush();

        // Then
        assertThat(views.rows("SELECT f, l, big FROM views.v")).containsExactly(List.of("a", "e", 3.0));
    }

    @Test
    void distinct_values_are_counted_once_whichever_lane_brings_them() {
        // Given
        SqlFixture views =
                view("SELECT vendor, count(DISTINCT id) AS ids, count(DISTINCT total) FILTER (WHERE total > 1)"
                        + " AS totals, count(*) AS n FROM rides GROUP BY vendor");

        // When
        views.event("rides", 0, "a", 1, 1.0, null, 10L)
                .event("rides", 0, "a", 1, 2.0, null, 10L)
                .event("rides", 0, "a", null, null, null, 10L)
                .event("rides", 1, "a", 1, 3.0, null, 10L)
                .event("rides", 1, "b", 1, 3.0, null, 10L)
                .flush();
        views.restart();
        views.event("rides", 0, "b", null, 1.0, null, 10L)
                .event("rides", 0, "c", 1, 2.0, null, 10L)
                .event("rides", 0, "a", null, 1.0, null, 10L)
                .flush();

        // Then
        assertThat(views.rows("SELECT vendor, ids, totals, n FROM views.v ORDER BY vendor"))
                .containsExactly(List.of(1, 3L, 2L, 5L), Arrays.asList(null, 2L, 0L, 3L));
    }

    @Test
    void what_is_written_to_a_topic_has_the_batchs_distinct_values_counted() {
        // Given
        SqlFixture views = views("""
                v: {to-topic: t.v, sql: 'SELECT vendor, count(*) AS n FROM rides GROUP BY vendor HAVING count(DISTINCT id) < 2'}
                """);

        // When
        views.event("rides", 0, "a", 1, 1.0, null, 10L).flush();
        views.event("rides", 0, "b", 1, 1.0, null, 10L).flush();

        // Then
        assertThat(views.rows("SELECT source_offset, value IS NULL FROM leat.outbox ORDER BY id"))
                .containsExactly(List.of(0L, false), List.of(1L, true));
    }

    @Test
    void gathered_elements_are_the_first_of_their_order() {
        // Given
        SqlFixture views = views("""
                v:
                  bound: 3
                  sql: >
                    SELECT array_agg(total) AS early, string_agg(id, ', ' ORDER BY id DESC) AS last_ids,
                           jsonb_agg(vendor) AS vendors, (array_agg(id ORDER BY total DESC NULLS LAST, id))[1:2] AS best,
                           (array_agg(id))[1] AS first_id
                    FROM rides
                """);

        // When
        views.event("rides", 0, "c", 1, 3.0, null, 30L)
                .event("rides", 0, "d", 2, 9.0, null, 40L)
                .flush();
        views.event("rides", 1, "a", 3, null, null, 10L)
                .event("rides", 1, "e", 4, 9.0, null, 50L)
                .flush();
        views.event("rides", 0, "b", null, 1.0, null, 20L).flush();

        // Then
        assertThat(views.rows("SELECT early::text, last_ids, vendors::text, best::text, first_id FROM views.v"))
                .containsExactly(List.of("{NULL,1,3}", "e, d, c", "[3, null, 1]", "{d,e}", "a"));
    }

    private void isRefused(String sql, String problem) {
        assertThatThrownBy(() -> view(sql))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void what_cant_be_kept_is_refused_with_the_way_to_write_it() {
        isRefused(
                "SELECT array_agg(id) AS a FROM rides",
                "`array_agg` would keep every element that ever comes; set `bound:` on the view to how many it may"
                        + " keep, or write `(array_agg(x ORDER BY y))[1:10]`");
        isRefused(
                "SELECT first(id ORDER BY total) AS a FROM rides",
                "`first` goes by event time; by another order it is `(array_agg(x ORDER BY y))[1]`");
        isRefused(
                "SELECT count(DISTINCT (id, total)) AS a FROM rides",
                "`count(DISTINCT …)` counts one value; make one of several: `count(DISTINCT jsonb_build_array(a, b))`");
        isRefused(
                "SELECT count(DISTINCT tags::json) AS a FROM rides",
                "Postgres says: could not identify an equality operator for type json");
        isRefused(
                "SELECT (array_agg(ARRAY[id]))[1:3] AS a FROM rides",
                "`array_agg` of arrays can't be kept; write `jsonb_agg`");
    }

    @Test
    void string_agg_without_a_constant_between_is_refused() {
        assertThatThrownBy(() -> views("v: {bound: 3, sql: 'SELECT string_agg(id, id) AS a FROM rides'}"))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining(
                        "`string_agg` can be kept of text, with a text between that is always the same, as"
                                + " `string_agg(x, ', ')`");
    }
}
