package dev.leat.view.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuild.State;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What else belongs to a view in SQL that is made anew: who stands upon it, who reads its topic, who pauses it. */
class ChangedSelectsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
            views:
            """;
    private static final Map<String, String> COLUMNS =
            Map.of("rides", "id:STRING! vendor:LONG total:LONG at:TIMESTAMP!");
    private static final String COUNTED = "v: {sql: 'SELECT vendor, count(*) AS n FROM rides GROUP BY 1'}";
    private static final String SUMMED =
            "v: {sql: 'SELECT vendor, sum(total) AS total, count(*) AS n FROM rides GROUP BY 1'}";
    private static final String MORE =
            "v: {sql: 'SELECT vendor, count(*) AS n, sum(total) AS total FROM rides GROUP BY 1'}";

    private final ViewsFixture database = new ViewsFixture();
    private final Random random = new Random(1);

    @AfterEach
    void close() {
        database.close();
    }

    private static String yaml(String... views) {
        return STREAMS + String.join("\n", views).indent(2);
    }

    private SqlFixture views(String... views) {
        return new SqlFixture(database, yaml(views), COLUMNS);
    }

    private void ride(SqlFixture views, String id, long vendor, long total, long minute) {
        views.event("rides", 0, id, vendor, total, minute * 60_000_000).flush();
    }

    private void drive(SqlFixture views) {
        views.begin("v");
        finish(views);
    }

    private void finish(SqlFixture views) {
        for (int i = 0; i < 100 && !views.step("v", random); i++) {
            assertThat(i).isLessThan(99);
        }
    }

    @Test
    void views_that_read_it_come_back_with_those_who_may_read_them() {
        // Given
        String upon = "upon: {sql: 'SELECT n FROM v WHERE vendor = 1'}";
        SqlFixture old = views(COUNTED, upon);
        ride(old, "a", 1, 5, 0);
        database.run("DROP ROLE IF EXISTS reader_of_selects; CREATE ROLE reader_of_selects;"
                + " GRANT SELECT ON views.v, views.upon TO reader_of_selects");

        // When
        drive(old.another(yaml(SUMMED, upon)));

        // Then
        assertThat(database.rows("SELECT vendor, total, n FROM views.v").toString())
                .isEqualTo("[[1, 5, 1]]");
        assertThat(database.rows("SELECT n FROM views.upon")).isEqualTo(List.of(List.of(1L)));
        assertThat(database.rows("SELECT has_table_privilege('reader_of_selects', 'views.v', 'SELECT'),"
                        + " has_table_privilege('reader_of_selects', 'views.upon', 'SELECT')"))
                .isEqualTo(List.of(List.of(true, true)));
        database.run("DROP OWNED BY reader_of_selects; DROP ROLE reader_of_selects");
    }

    @Test
    void what_others_have_made_upon_it_keeps_it_from_getting_other_columns() {
        // Given
        SqlFixture old = views(COUNTED);
        ride(old, "a", 1, 5, 0);
        database.run("CREATE VIEW public.mine AS SELECT vendor, n FROM views.v");
        SqlFixture young = old.another(yaml(SUMMED));
        young.begin("v");

        // When, Then
        assertThatThrownBy(() -> finish(young))
                .isInstanceOfSatisfying(PgException.class, refused -> assertThat(refused.getDetail())
                        .isEqualTo("view public.mine depends on view views.v"));
        young.requests().cancel("v");
        drive(young.another(yaml(MORE)));
        assertThat(database.rows("SELECT vendor, n, total FROM views.v").toString())
                .isEqualTo("[[1, 1, 5]]");
        assertThat(database.rows("SELECT vendor, n FROM public.mine")).isEqualTo(List.of(List.of(1L, 1L)));
    }

    @Test
    void its_topic_gets_only_what_changes_once_it_serves() {
        // Given
        SqlFixture old = views("v: {to-topic: t.v, sql: 'SELECT vendor, count(*) AS n FROM rides GROUP BY 1'}");
        ride(old, "a", 1, 5, 0);
        ride(old, "b", 2, 5, 0);
        String sent = "SELECT convert_from(key, 'UTF8'), source_offset FROM leat.outbox ORDER BY id";
        List<List<Object>> before = database.rows(sent);
        assertThat(before).hasSize(2);

        // When
        SqlFixture young = old.another(
                yaml("v: {to-topic: t.v, sql: 'SELECT vendor, sum(total) AS total FROM rides GROUP BY 1'}"));
        drive(young);

        // Then
        assertThat(database.rows(sent)).isEqualTo(before);
        ride(young, "c", 2, 5, 0);
        assertThat(database.rows(sent)).hasSize(3).last().asString().contains("2");
    }

    @Test
    void a_view_that_only_writes_to_a_topic_goes_on_where_the_old_one_stops() {
        // Given
        SqlFixture old = views("v: {to-topic: t.v, sql: 'SELECT id FROM rides'}");
        ride(old, "a", 1, 5, 0);
        SqlFixture young = old.another(yaml("v: {to-topic: t.v, sql: 'SELECT id, total FROM rides WHERE total > 3'}"));
        ride(young, "b", 1, 1, 0);
        drive(young);

        // When
        ride(young, "c", 1, 1, 0);
        ride(young, "d", 1, 5, 0);

        // Then
        assertThat(database.rows("SELECT convert_from(key, 'UTF8') FROM leat.outbox ORDER BY id")
                        .toString())
                .isEqualTo("[[a], [b], [d]]");
        assertThat(database.rows("SELECT to_regclass('views.v')::text")).isEqualTo(nothing());
    }

    @Test
    void windows_that_were_final_are_not_written_again() {
        // Given
        String select = "SELECT tumble(''10 minutes'', at) AS t, %s FROM rides GROUP BY 1";
        String view = "v: {to-topic: {topic: t.v, emit: final}, sql: '" + select + "'}";
        SqlFixture old = views(view.formatted("count(*) AS n"));
        ride(old, "a", 1, 5, 0);
        ride(old, "b", 1, 5, 12);
        old.closeViews();
        assertThat(database.rows("SELECT id FROM leat.outbox")).hasSize(1);

        // When
        SqlFixture young = old.another(yaml(view.formatted("sum(total) AS total")));
        young.begin("v");
        young.closeViews();
        finish(young);
        ride(young, "c", 1, 5, 25);
        young.closeViews();

        // Then
        assertThat(database.rows("SELECT id FROM leat.outbox")).hasSize(2);
        assertThat(database.rows("SELECT total, final FROM views.v ORDER BY t").toString())
                .isEqualTo("[[5, true], [5, true], [5, false]]");
    }

    @Test
    void a_view_that_rests_catches_up() {
        // Given
        SqlFixture views = views(COUNTED);
        ride(views, "a", 1, 5, 0);
        views.requests().pause("v");
        ride(views, "b", 1, 5, 0);
        assertThat(database.rows("SELECT n FROM views.v")).isEqualTo(List.of(List.of(1L)));

        // When
        views.requests().resume("v");
        finish(views);
        ride(views, "c", 1, 5, 0);

        // Then
        assertThat(database.rows("SELECT n FROM views.v")).isEqualTo(List.of(List.of(3L)));
    }

    @Test
    void a_new_view_of_a_stream_that_was_read_gets_its_history() {
        // Given
        String log = "rides_log: {log: rides}";
        SqlFixture old = views(log);
        ride(old, "a", 1, 5, 0);
        SqlFixture young = old.another(yaml(log, COUNTED));
        ride(young, "b", 1, 5, 0);
        assertThat(database.rows("SELECT to_regclass('views.v')::text")).isEqualTo(nothing());

        // When
        drive(young);
        ride(young, "c", 1, 5, 0);

        // Then
        assertThat(database.rows("SELECT n FROM views.v")).isEqualTo(List.of(List.of(3L)));
    }

    @Test
    void the_layout_of_a_select_does_not_count() {
        SqlFixture old = views(COUNTED);
        ride(old, "a", 1, 5, 0);
        SqlFixture young =
                old.another(yaml("v: {sql: 'SELECT  vendor, count( * ) AS n /* rides */ FROM rides GROUP BY 1'}"));
        assertThat(young.rebuilds().find("v")).isEmpty();
    }

    @Test
    void what_can_not_be_kept_is_refused_before_it_is_built() {
        SqlFixture old = views(COUNTED);
        ride(old, "a", 1, 5, 0);
        String wrong = yaml("v: {sql: 'SELECT vendor, median(total) AS n FROM rides GROUP BY 1'}");
        assertThatThrownBy(() -> old.another(wrong))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("views.v.sql: column 16: Postgres says: function median(bigint) does not exist");
    }

    @Test
    void a_view_of_views_has_nothing_to_be_made_of() {
        SqlFixture views = views(COUNTED, "upon: {sql: 'SELECT n FROM v'}");
        assertThatThrownBy(() -> views.requests().request("upon", Source.ALL))
                .isInstanceOf(RebuildConflict.class)
                .hasMessage(
                        "view upon only reads other views, and keeps nothing: Postgres answers it from what they have;"
                                + " rebuild or pause those");
    }

    @Test
    void a_rebuild_that_is_given_up_leaves_nothing() {
        // Given
        SqlFixture old = views(COUNTED);
        ride(old, "a", 1, 5, 0);
        SqlFixture young = old.another(yaml(SUMMED));
        young.begin("v");

        // When
        young.requests().cancel("v");
        ride(young, "b", 1, 5, 0);

        // Then
        assertThat(young.rebuilds().find("v").map(r -> r.state())).isEqualTo(Optional.of(State.CANCELLED));
        assertThat(database.rows("SELECT n FROM views.v")).isEqualTo(List.of(List.of(2L)));
        assertThat(database.rows("SELECT relname FROM pg_class WHERE relname LIKE '%@%'"))
                .isEmpty();
    }

    private static List<List<Object>> nothing() {
        return List.of(java.util.Collections.singletonList(null));
    }
}
