package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.writer.Explanation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqlViewsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
              zones: {topic: t.zones, key: zone}
            views:
              zones_latest: {latest: zones}
              rides_log: {log: rides}
            """;
    private static final Map<String, String> COLUMNS = Map.of(
            "rides", "id:STRING! vendor:LONG zone:INT total:DOUBLE at:TIMESTAMP!", "zones", "zone:INT! name:STRING");

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    private SqlFixture views(String views) {
        return new SqlFixture(database, STREAMS + views.indent(2), COLUMNS);
    }

    @Test
    void a_row_is_what_the_select_makes_of_the_newest_event_of_its_key() {
        // Given
        SqlFixture views =
                views("big: {sql: 'SELECT id, upper(id) AS loud, total * 2 AS twice FROM rides r WHERE total > 10'}");
        views.event("rides", 0, "a", 1L, 1, 20.0, 10L)
                .event("rides", 0, "b", 1L, 1, 5.0, 10L)
                .event("rides", 0, "c", 1L, 1, 30.0, 10L)
                .flush();
        assertThat(views.rows("SELECT id, loud, twice FROM views.big ORDER BY id"))
                .containsExactly(List.of("a", "A", 40.0), List.of("c", "C", 60.0));

        // When
        views.event("rides", 0, "a", 1L, 1, 1.0, 11L)
                .event("rides", 0, "b", 1L, 1, 50.0, 11L)
                .event("rides", 0, "b", 1L, 1, 1.0, 9L)
                .delete("rides", 0, "c", null, null, null, null)
                .flush();

        // Then
        assertThat(views.rows("SELECT id, loud, twice FROM views.big ORDER BY id"))
                .containsExactly(List.of("b", "B", 100.0));
    }

    @Test
    void groups_are_merged_batch_by_batch() {
        // Given
        SqlFixture views = views("""
                by_vendor:
                  sql: |
                    SELECT vendor, count(*) AS rides, sum(total) AS revenue, max(total) AS most, min(total), avg(zone) AS zones,
                           count(*) FILTER (WHERE total > 10) * 2 AS big, round(avg(total)::numeric, 1) AS mean
                    FROM rides
                    GROUP BY vendor
                    HAVING count(*) > 1
                """);

        // When
        views.event("rides", 0, "a", 1L, 1, 20.0, 10L)
                .event("rides", 1, "b", 1L, 2, 5.0, 10L)
                .event("rides", 1, "x", null, 2, 5.0, 10L)
                .event("rides", 1, "z", 7L, 2, 5.0, 10L)
                .flush();
        views.restart();
        views.event("rides", 0, "c", 1L, 4, 30.0, 10L)
                .event("rides", 1, "y", null, null, null, 10L)
                .flush();

        // Then
        String oracle = """
                SELECT vendor, count(*) AS rides, sum(total) AS revenue, max(total) AS most, min(total), avg(zone) AS zones,
                       count(*) FILTER (WHERE total > 10) * 2 AS big, round(avg(total)::numeric, 1) AS mean
                FROM views.rides_log GROUP BY vendor HAVING count(*) > 1 ORDER BY vendor
                """;
        assertThat(views.rows("SELECT * FROM views.by_vendor ORDER BY vendor")).isEqualTo(views.rows(oracle));
        assertThat(views.rows("SELECT * FROM views.by_vendor")).hasSize(2);
    }

    @Test
    void a_stream_is_joined_with_a_view_as_it_stands() {
        // Given
        SqlFixture views = views("""
                named:
                  append: true
                  sql: SELECT r.id, z.name FROM rides r LEFT JOIN zones_latest z USING (zone)
                by_zone: {sql: 'SELECT z.name, count(*) AS rides FROM rides r JOIN zones_latest z ON z.zone = r.zone GROUP BY z.name'}
                total: {sql: SELECT count(*) AS rides FROM rides}
                """);
        views.event("zones", 0, 1, "Soho").flush();

        // When
        views.event("rides", 0, "a", 1L, 1, 20.0, 10L)
                .event("rides", 0, "b", 1L, 2, 20.0, 10L)
                .event("rides", 0, "c", 1L, 1, 20.0, 10L)
                .flush();

        // Then
        assertThat(views.rows("SELECT id, name, _offset, _row FROM views.named ORDER BY id"))
                .containsExactly(
                        List.of("a", "Soho", 0L, 1L),
                        java.util.Arrays.asList("b", null, 1L, 1L),
                        List.of("c", "Soho", 2L, 1L));
        assertThat(views.rows("SELECT name, rides FROM views.by_zone")).containsExactly(List.of("Soho", 2L));
        assertThat(views.rows("SELECT rides FROM views.total")).containsExactly(List.of(3L));
    }

    @Test
    void a_view_of_views_is_a_view_of_postgres() {
        // Given
        SqlFixture views = views("""
                names: {sql: 'SELECT zone, upper(name) AS name FROM zones_latest'}
                loud: {sql: SELECT name || '!' AS name FROM names}
                """);

        // When
        views.event("zones", 0, 1, "Soho").flush();

        // Then
        assertThat(views.rows("SELECT name FROM views.loud")).containsExactly(List.of("SOHO!"));
        assertThat(database.catalogued("loud").streams()).containsExactly("zones");
    }

    @Test
    void the_newest_event_of_a_key_of_the_result_counts() {
        // Given
        SqlFixture views = views("last_of_vendor: {key: vendor, sql: 'SELECT vendor, id, total FROM rides'}");

        // When
        views.event("rides", 0, "a", 1L, 1, 20.0, 12L)
                .event("rides", 0, "b", 1L, 2, 20.0, 11L)
                .event("rides", 0, "c", 2L, 1, 20.0, 10L)
                .flush();
        views.event("rides", 1, "d", 2L, 1, 1.0, 10L)
                .event("rides", 1, "e", 1L, 1, 1.0, 11L)
                .flush();

        // Then
        assertThat(views.rows("SELECT vendor, id FROM views.last_of_vendor ORDER BY vendor"))
                .containsExactly(List.of(1L, "a"), List.of(2L, "d"));
    }

    @Test
    void rows_are_written_to_topics_with_the_deletes_of_their_keys() {
        // Given
        SqlFixture views = views("""
                big: {to-topic: t.big, sql: 'SELECT id, total FROM rides WHERE total > 10'}
                by_vendor: {to-topic: t.vendors, sql: 'SELECT vendor, count(*) AS rides FROM rides GROUP BY vendor HAVING count(*) < 3'}
                """);

        // When
        views.event("rides", 0, "a", 1L, 1, 20.0, 10L)
                .delete("rides", 0, "a", null, null, null, null)
                .event("rides", 0, "b", 1L, 1, 5.0, 10L)
                .flush();
        views.event("rides", 0, "c", 1L, 1, 25.0, 10L).flush();

        // Then
        assertThat(views.rows("SELECT topic, convert_from(key, 'UTF8'), value IS NULL, source_offset FROM leat.outbox"
                        + " ORDER BY topic, id"))
                .containsExactly(
                        List.of("t.big", "a", false, 0L),
                        List.of("t.big", "a", true, 1L),
                        List.of("t.big", "c", false, 3L),
                        List.of("t.vendors", "1", false, 2L),
                        List.of("t.vendors", "1", true, 3L));
        assertThat(views.rows("SELECT vendor FROM views.by_vendor")).isEmpty();
    }

    @Test
    void a_deleted_key_is_forgotten_once_it_is_old_enough() {
        // Given
        SqlFixture views = views("""
                kept: {remember-deletes: 1h, sql: 'SELECT id, vendor FROM rides'}
                """);
        views.event("rides", 0, "a", 1L, 1, 20.0, 10L)
                .event("rides", 0, "b", 1L, 1, 20.0, 10L)
                .flush();
        views.delete("rides", 0, "a", null, null, null, null)
                .delete("rides", 0, "b", null, null, null, null)
                .event("rides", 0, "b", 2L, 1, 20.0, 20L)
                .flush();
        assertThat(views.rows("SELECT id, _deleted_since IS NOT NULL FROM views_state.kept ORDER BY id"))
                .containsExactly(List.of("a", true), List.of("b", false));
        database.run("UPDATE views_state.kept SET _deleted_since = now() - interval '61 minutes' WHERE _deleted");

        // When
        views.restart();
        views.delete("rides", 1, "c", null, null, null, null).flush();

        // Then
        assertThat(views.rows("SELECT id FROM views_state.kept ORDER BY id"))
                .containsExactly(List.of("b"), List.of("c"));
        assertThat(views.rows("SELECT id, vendor FROM views.kept")).containsExactly(List.of("b", 2L));
        assertThat(views.explain("kept").state())
                .containsExactly(
                        "\"views_state\".\"kept\" keeps a row for each key, seen by readers or not, so that no older"
                                + " event overwrites a newer one; that of a deleted key for PT1H, swept once an hour");
    }

    @Test
    void only_a_view_that_takes_deletes_remembers_them() {
        assertThatThrownBy(() -> views("bad: {remember-deletes: 1h, append: true, sql: 'SELECT id FROM rides'}"))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith("`remember-deletes:` is for a view with a row of each key of its stream; this one"
                        + " doesn't take deletes");
    }

    @Test
    void an_explanation_tells_key_rules_statements_and_state() {
        // Given
        SqlFixture views = views("""
                by_vendor: {sql: 'SELECT vendor, count(*) AS rides, round(avg(total)::numeric, 2) AS mean FROM rides GROUP BY vendor'}
                """);

        // When
        Explanation explained = views.explain("by_vendor");

        // Then
        assertThat(explained.key()).containsExactly("vendor");
        assertThat(explained.columns())
                .containsEntry("vendor", "what is grouped by")
                .containsEntry("rides", "adds: _s1")
                .containsEntry("mean", "keeps sum and count: round((_s2 / nullif(_s3, 0))::numeric, 2)");
        assertThat(explained.statements())
                .singleElement()
                .asString()
                .contains("ON CONFLICT (\"vendor\") DO UPDATE SET");
        assertThat(explained.state())
                .satisfiesExactly(
                        groups -> assertThat(groups).startsWith("\"views_state\".\"by_vendor\" keeps the groups"),
                        problems -> assertThat(problems)
                                .startsWith("round((_s2 / nullif(_s3, 0))::numeric, 2) is null for groups that can't be"
                                        + " computed; which and why: SELECT \"vendor\", "));
    }

    @Test
    void a_view_whose_columns_are_as_they_were_is_not_made_again() {
        // Given
        SqlFixture views = views("total: {sql: 'SELECT count(*) AS n FROM rides'}");
        views.event("rides", 0, "a", 1L, 1, 0.5, 10L).flush();
        String made = "SELECT c.xmin::text, r.xmin::text FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid"
                + " WHERE c.oid = 'views.total'::regclass";
        List<List<Object>> before = views.rows(made);

        // When
        views.event("rides", 0, "b", 1L, 1, 0.5, 10L).flush();
        views.event("rides", 0, "c", 1L, 1, 0.5, 10L).flush();

        // Then
        assertThat(views.rows("SELECT n FROM views.total")).isEqualTo(List.of(List.of(3L)));
        assertThat(views.rows(made)).hasSize(1).isEqualTo(before);
    }

    @Test
    void results_of_two_definitions_do_not_mix() {
        // Given
        views("total: {sql: 'SELECT count(*) AS n FROM rides'}");

        // When
        SqlFixture changed = views("total: {sql: 'SELECT count(*) AS n FROM rides WHERE total > 1'}");
        changed.event("rides", 0, "a", 1L, 1, 0.5, 10L).flush();

        // Then
        assertThat(changed.rows("SELECT n FROM views.total"))
                .describedAs("until it is made anew")
                .isEqualTo(List.of(List.of(1L)));
    }
}
