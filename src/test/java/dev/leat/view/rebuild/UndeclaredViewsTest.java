package dev.leat.view.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A refused pipeline makes nothing; a view that no pipeline declares any more is marked, and dropped when somebody says so. */
class UndeclaredViewsTest {

    private static final String STREAMS = """
            streams:
              a: {topic: t.a, key: id, event-time: at}
              b: {topic: t.b, key: id, event-time: at}
            views:
              a_latest: {latest: a}
            """;
    private static final String ONLY_A = """
            streams:
              a: {topic: t.a, key: id, event-time: at}
            views:
              a_latest: {latest: a}
            """;
    private static final String MORE = """
              a_log: {log: a}
              sums: {sql: 'SELECT g, sum(n) AS total FROM a GROUP BY g'}
              over: {sql: 'SELECT g, total * 2 AS twice FROM sums'}
              b_latest: {latest: b}
            """;
    private static final Map<String, String> COLUMNS =
            Map.of("a", "id:STRING! g:STRING n:INT at:TIMESTAMP!", "b", "id:STRING! g:STRING n:INT at:TIMESTAMP!");

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    @Test
    void a_refused_pipeline_leaves_nothing_behind() {
        String wrong = STREAMS + MORE + "  wrong: {sql: 'SELECT g, wat FROM over'}\n";

        assertThatThrownBy(() -> new SqlFixture(database, wrong, COLUMNS))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("views.wrong.sql: column 11: Postgres says: column \"wat\" does not exist");

        assertThat(database.rows("SELECT name FROM leat.view")).isEmpty();
        assertThat(database.rows("SELECT relname FROM pg_class WHERE relnamespace IN (to_regnamespace('views'),"
                        + " to_regnamespace('views_state'))"))
                .isEmpty();
    }

    @Test
    void a_refused_pipeline_changes_nothing_of_what_is_there() {
        // Given
        SqlFixture first = new SqlFixture(database, STREAMS + MORE, COLUMNS);
        first.event("a", 0, "1", "x", 5L, 0L).flush();
        List<List<Object>> before =
                database.rows("SELECT name, version, left_at::text, columns::text FROM leat.view ORDER BY name");

        // When
        String wrong = STREAMS + "  a_new: {log: a}\n  wrong: {sql: 'SELECT random() AS r FROM a'}\n";
        assertThatThrownBy(() -> new SqlFixture(database, wrong, COLUMNS)).isInstanceOf(PipelineException.class);

        // Then
        assertThat(database.rows("SELECT name, version, left_at::text, columns::text FROM leat.view ORDER BY name"))
                .isEqualTo(before);
    }

    @Test
    void views_that_left_the_pipeline_are_marked_and_dropped_by_a_call() {
        // Given
        SqlFixture first = new SqlFixture(database, STREAMS + MORE, COLUMNS);
        first.event("a", 0, "1", "x", 5L, 0L).event("b", 0, "1", "x", 5L, 0L).flush();

        // When another instance starts without them, and without a stream
        SqlFixture second = first.another(ONLY_A);

        // Then
        assertThat(database.rows("SELECT name FROM leat.view WHERE left_at IS NOT NULL ORDER BY name"))
                .containsExactly(List.of("a_log"), List.of("b_latest"), List.of("over"), List.of("sums"));
        assertThat(database.catalogued("sums").leftAt()).isNotNull();
        assertThat(database.catalogued("a_latest").leftAt()).isNull();
        // Both go on; neither applies to what left.
        first.event("a", 0, "2", "x", 7L, 0L).flush();
        second.event("a", 0, "3", "x", 9L, 0L).flush();
        assertThat(database.rows("SELECT total FROM views.sums")).containsExactly(List.of(5L));
        assertThat(database.rows("SELECT id FROM views.a_latest")).hasSize(3);

        RebuildRequests requests = second.requests();
        assertThatThrownBy(() -> requests.drop("a_latest"))
                .isInstanceOf(RebuildConflict.class)
                .hasMessage("view a_latest is declared; take it out of the pipeline, restart, and drop it then");
        assertThatThrownBy(() -> requests.drop("sums"))
                .isInstanceOf(RebuildConflict.class)
                .hasMessageStartingWith("view sums isn't dropped, for something of Postgres reads it: ")
                .hasMessageContaining("over");
        List.of("over", "sums", "a_log", "b_latest").forEach(requests::drop);
        assertThat(database.rows("SELECT name FROM leat.view")).containsExactly(List.of("a_latest"));
        assertThat(database.rows("SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'v') AND relnamespace IN"
                        + " (to_regnamespace('views'), to_regnamespace('views_state'))"))
                .containsExactly(List.of("a_latest"));
    }

    @Test
    void a_view_that_another_instance_declares_is_not_dropped() {
        SqlFixture first = new SqlFixture(database, STREAMS, COLUMNS);
        new SqlFixture(database, STREAMS + MORE, COLUMNS);

        assertThatThrownBy(() -> first.requests().drop("sums"))
                .isInstanceOf(RebuildConflict.class)
                .hasMessage("view sums is kept current by another instance, whose pipeline declares it; restart with a"
                        + " pipeline without it, and drop it then");
    }

    @Test
    void a_view_over_views_that_is_declared_again_is_no_longer_marked() {
        SqlFixture first = new SqlFixture(database, STREAMS + MORE, COLUMNS);
        first.another(STREAMS + MORE.replaceFirst(" +over.*\n", ""));
        assertThat(database.catalogued("over").leftAt()).isNotNull();

        first.another(STREAMS + MORE);

        assertThat(database.catalogued("over").leftAt()).isNull();
    }
}
