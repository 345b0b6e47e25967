package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed of a group, and can't be for one of them: that group has null there, and nothing else suffers. */
class ComputedColumnsTest {

    private static final String STREAMS = """
            streams:
              s: {topic: t.s, key: id, event-time: at}
            views:
            """;
    private static final Map<String, String> COLUMNS =
            Map.of("s", "id:STRING! g:STRING! a:LONG b:LONG t:STRING at:TIMESTAMP!");

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

    /** Each fails for group bad, whose a is 0, b is missing and t is no number. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "sum(a) / count(b); 10",
                "sqrt(sum(a) - 1); 3",
                "round(ln(sum(a)), 3); 2.303",
                "(1 / sum(a))::integer; 0",
                "1999999999 + 200000000 * (1 - sign(sum(a)))::integer; 1999999999",
                "max(t)::integer; 7",
                "('{' || max(t))::text::integer[]; never",
                "extract(epoch FROM to_timestamp(1e300 * (1 - sign(sum(a)))::float8)); 0",
                "to_tsquery('simple', CASE WHEN max(t) = 'x' THEN 'a b' ELSE max(t) END)::text; '7'",
            })
    void a_group_that_cannot_be_computed_is_null_and_the_others_are_read(String expression, String good) {
        // Given
        SqlFixture views = views("v: {sql: \"SELECT g, count(*) AS n, " + expression.replace("\"", "\\\"")
                + " AS c FROM s GROUP BY g\"}");

        // When
        views.event("s", 0, "1", "good", 10L, 1L, "7", 0L)
                .event("s", 0, "2", "bad", 0L, null, "x", 0L)
                .flush();

        // Then
        List<List<Object>> rows = database.rows("SELECT g, n, c::text FROM views.v ORDER BY g");
        assertThat(rows.getFirst()).isEqualTo(Arrays.asList("bad", 1L, null));
        String found = String.valueOf(rows.getLast().getLast());
        assertThat(found.contains(".") ? found.replaceAll("\\.?0+$", "") : found)
                .isEqualTo(good.equals("never") ? "null" : good);
        assertThat(database.rows("SELECT * FROM leat.dead_letter")).isEmpty();
    }

    @Test
    void it_is_computed_as_soon_as_it_can_be() {
        SqlFixture views = views(
                "v: {sql: 'SELECT g, sum(a) / count(b) AS c FROM s GROUP BY g HAVING sum(a) / count(b) IS NULL OR count(*) > 1'}");
        views.event("s", 0, "1", "x", 10L, null, null, 0L).flush();
        assertThat(database.rows("SELECT g, c FROM views.v")).isEmpty();

        views.event("s", 0, "2", "x", 20L, 1L, null, 0L).flush();

        // Nothing of the first event is lost.
        assertThat(database.rows("SELECT g, trim_scale(c)::text FROM views.v")).containsExactly(List.of("x", "30"));
    }

    @Test
    void a_window_that_cannot_be_computed_closes_and_is_emitted_with_the_others() {
        // Given
        SqlFixture views = views("""
                v:
                  to-topic: {topic: t.out, emit: final}
                  sql: |
                    SELECT g, tumble('1 minute', at) AS begun, sum(a) / count(b) AS c FROM s GROUP BY g, begun
                """);
        long day = 1772323200_000_000L;
        views.event("s", 0, "1", "good", 10L, 1L, null, day)
                .event("s", 0, "2", "bad", 10L, null, null, day)
                .event("s", 0, "3", "later", 1L, 1L, null, day + 600_000_000L)
                .flush();

        // When
        views.clock(60).complete().closeViews();

        // Then
        assertThat(database.rows("SELECT g, trim_scale(c)::text, final FROM views.v WHERE final ORDER BY g"))
                .contains(Arrays.asList("bad", null, true), List.of("good", "10", true));
        assertThat(database.rows("SELECT count(*) FROM leat.outbox").getFirst().getFirst())
                .isEqualTo((long)
                        database.rows("SELECT g FROM views.v WHERE final").size());
    }

    @Test
    void a_session_and_a_change_that_cannot_be_computed_are_kept_too() {
        SqlFixture views = views("""
                sessions: {sql: "SELECT g, session('5 minutes', at) AS begun, sum(a) / count(b) AS c FROM s GROUP BY g, begun"}
                changes: {to-topic: {topic: t.changes}, sql: 'SELECT g, sum(a) / count(b) AS c FROM s GROUP BY g'}
                """);

        views.event("s", 0, "1", "good", 10L, 1L, null, 0L)
                .event("s", 0, "2", "bad", 10L, null, null, 0L)
                .flush();

        assertThat(database.rows("SELECT g, trim_scale(c)::text FROM views.sessions ORDER BY g"))
                .containsExactly(Arrays.asList("bad", null), List.of("good", "10"));
        assertThat(database.rows("SELECT count(*) FROM leat.outbox")).containsExactly(List.of(2L));
    }

    @Test
    void who_reads_needs_no_search_path() {
        SqlFixture views = views("v: {sql: 'SELECT g, sum(a) / count(b) AS c FROM s GROUP BY g'}");
        views.event("s", 0, "1", "good", 10L, 1L, null, 0L).flush();

        assertThat(database.rows("SELECT set_config('search_path', '', false), trim_scale(c)::text FROM views.v"))
                .containsExactly(List.of("", "10"));
        assertThat(views.explain("v").columns().get("c")).contains("/");
        views.event("s", 0, "2", "bad", 10L, null, null, 0L).flush();
        String why = views.explain("v").state().stream()
                .filter(line -> line.contains("which and why: "))
                .findFirst()
                .orElseThrow();
        assertThat(database.rows(why.substring(why.indexOf("SELECT"))))
                .containsExactly(List.of("bad", "division by zero"));
    }
}
