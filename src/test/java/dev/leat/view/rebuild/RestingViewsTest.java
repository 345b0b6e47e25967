package dev.leat.view.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.ViewFault;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Postgres refuses in one view, of data and of the view itself, against a real one. */
class RestingViewsTest {

    private static final String YAML = """
            streams:
              notes: {topic: t.notes, key: id, event-time: at}
            views:
              notes_log: {log: notes}
              found: {sql: "SELECT to_tsquery('english', text)::text AS query, count(*) AS n FROM notes GROUP BY 1"}
            """;
    private static final Map<String, String> COLUMNS = Map.of("notes", "id:STRING! text:STRING at:TIMESTAMP!");
    private static final String BAD = "a & & b";
    private static final String LETTERS =
            "SELECT string_agg(view || ':' || convert_from(key, 'UTF8'), '|' ORDER BY \"offset\") FROM leat.dead_letter";
    private static final String LOGGED = "SELECT string_agg(id, '|' ORDER BY _offset) FROM views.notes_log";

    private final ViewsFixture database = new ViewsFixture();
    private SqlFixture views;

    @BeforeEach
    void open() {
        views = new SqlFixture(database, YAML, COLUMNS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void note(String id, String text) {
        views.event("notes", 0, id, text, 0L);
    }

    private Object only(String sql) {
        return database.rows(sql).getFirst().getFirst();
    }

    @Test
    void a_value_that_a_views_select_chokes_on_is_a_dead_letter_of_that_view() {
        // Given
        note("a", "cat");
        note("b", BAD);
        note("c", "cat");

        // When
        views.flush();

        // Then
        assertThat(only(LETTERS)).isEqualTo("found:b");
        assertThat(only("SELECT n FROM views.found")).isEqualTo(2L);
        assertThat(only(LOGGED)).isEqualTo("a|b|c");
    }

    @Test
    void it_is_one_too_where_it_comes_alone() {
        for (String id : List.of("a", "b", "c")) {
            note(id, BAD);
            views.flush();
        }

        assertThat(only(LETTERS)).isEqualTo("found:a|found:b|found:c");
        assertThat(only(LOGGED)).isEqualTo("a|b|c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P0001", "42P01", "42501", "0A000", "XX000", "28000", "3F000"})
    void what_a_function_raises_about_a_value_is_its_records_matter_whatever_state_it_names(String sqlState) {
        // Given
        database.run("CREATE FUNCTION public.picky() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF NEW.text = 'no' THEN RAISE 'not that' USING ERRCODE = '" + sqlState + "'; END IF;"
                + " RETURN NEW; END $$");
        database.run("CREATE TRIGGER picky BEFORE INSERT ON views.notes_log FOR EACH ROW EXECUTE FUNCTION picky()");
        note("a", "cat");
        note("b", "no");
        note("c", "dog");

        // When
        views.flush();

        // Then
        assertThat(only(LETTERS)).isEqualTo("notes_log:b");
        assertThat(only(LOGGED)).isEqualTo("a|c");
        assertThat(only("SELECT sum(n)::bigint FROM views.found")).isEqualTo(3L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{append: true, sql: 'SELECT id, public.strict(text) AS x FROM notes'}",
                "{sql: 'SELECT id, public.strict(text) AS x FROM notes'}",
                "{sql: 'SELECT public.strict(text) AS x, count(*) AS n FROM notes GROUP BY 1'}",
                "{sql: 'SELECT DISTINCT public.strict(text) AS x FROM notes'}",
                "{to-topic: {topic: t.out}, sql: 'SELECT id, public.strict(text) AS x FROM notes'}",
                "{to-topic: {topic: t.out}, sql: \"SELECT id, CASE text WHEN 'no' THEN 'infinity'::timestamptz ELSE at END AS x FROM notes\"}",
            })
    void what_a_select_raises_or_cannot_write_is_a_dead_letter_of_its_record(String view) {
        // Given
        database.run("CREATE FUNCTION public.strict(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN"
                + " IF $1 = 'no' THEN RAISE 'not that'; END IF; RETURN $1; END $$");
        views = new SqlFixture(
                database,
                "streams:\n  notes: {topic: t.notes, key: id, event-time: at}\nviews:\n  notes_log: {log: notes}\n  raised: "
                        + view + "\n",
                COLUMNS);
        note("a", "cat");
        note("b", "no");
        note("c", "dog");

        // When
        views.flush();

        // Then
        assertThat(only(LETTERS)).isEqualTo("raised:b");
        assertThat(only(LOGGED)).isEqualTo("a|b|c");
        assertThat(only(
                        view.contains("to-topic")
                                ? "SELECT count(*) FROM leat.outbox"
                                : "SELECT count(*) FROM views.raised"))
                .isEqualTo(2L);
    }

    @Test
    void a_view_that_refuses_one_record_after_the_other_is_at_fault_itself() {
        for (int i = 0; i < 150; i++) {
            note("n" + i, BAD);
        }

        assertThatThrownBy(() -> views.flush())
                .isInstanceOf(ViewFault.class)
                .hasMessage("view found can't be applied to: ERROR: syntax error in tsquery: \"a & & b\" (42601)");

        // When
        assertThat(views.resting().rest("found", "it refuses all")).isTrue();
        views.flush();

        // Then
        assertThat(only("SELECT count(*) FROM views.notes_log")).isEqualTo(150L);
        assertThat(only("SELECT count(*) FROM leat.dead_letter")).isEqualTo(0L);
    }

    @Test
    void a_view_whose_statement_is_refused_as_such_rests_and_lacks_nothing_once_it_is_resumed() {
        // Given
        note("a", "cat");
        views.flush();
        database.run("ALTER TABLE views.notes_log RENAME TO away");
        note("b", "cat");

        // When
        ViewFault fault = catchThrowableOfType(ViewFault.class, () -> views.flush());
        assertThat(fault.view()).isEqualTo("notes_log");
        views.resting().rest(fault.view(), fault.getMessage());
        views.flush();
        note("c", "cat");
        views.flush();

        // Then
        assertThat(only("SELECT n FROM views.found")).isEqualTo(3L);
        assertThat(database.rows("SELECT state, message FROM leat.rebuild WHERE view = 'notes_log'"))
                .containsExactly(List.of(
                        "PAUSED",
                        "view notes_log can't be applied to: ERROR: relation \"views.notes_log\" does not exist"
                                + " (42P01)"));

        // When
        database.run("ALTER TABLE views.away RENAME TO notes_log");
        views.requests().resume("notes_log");
        Random random = new Random(1);
        for (int i = 0; !views.step("notes_log", random); i++) {
            assertThat(i).isLessThan(99);
        }
        note("d", "cat");
        views.flush();

        // Then
        assertThat(only(LOGGED)).isEqualTo("a|b|c|d");
        assertThat(only("SELECT count(*) FROM leat.dead_letter")).isEqualTo(0L);
    }

    @Test
    void two_lanes_may_let_a_view_rest_and_one_that_was_never_made_cannot() {
        note("a", "cat");
        views.flush();

        assertThat(views.resting().rest("found", "one")).isTrue();
        assertThat(views.resting().rest("found", "two")).isTrue();
        assertThat(views.resting().rest("unknown", "three")).isFalse();
    }
}
