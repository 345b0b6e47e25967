package dev.leat.view.sql;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that make several rows of one event. */
class SeveralRowsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
            views:
            """;
    private static final Map<String, String> COLUMNS = Map.of("rides", "id:STRING! stops:JSON at:TIMESTAMP!");

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT id, jsonb_array_elements_text(stops) AS stop FROM rides
            SELECT id, stop FROM rides, jsonb_array_elements_text(stops) AS stop
            SELECT r.id, s.stop FROM rides r CROSS JOIN LATERAL jsonb_array_elements_text(r.stops) AS s(stop)
            SELECT r.id, s AS stop FROM rides r JOIN jsonb_array_elements_text(r.stops) AS s ON true
            SELECT r.id, unnest(string_to_array(concat_ws(',', r.stops ->> 0, r.stops ->> 1), ',')) AS stop FROM rides r WHERE r.stops <> '[]'
            """)
    void each_row_of_an_event_has_a_number_or_a_key_of_its_own(String select) {
        // Given
        SqlFixture views = views("""
                each: {append: true, sql: "%1$s"}
                keyed: {key: [id, stop], sql: "%1$s"}
                emitted: {to-topic: t.stops, sql: "%1$s"}
                """.formatted(select));

        // When
        views.event("rides", 0, "a", "[\"x\", \"y\"]", 10L)
                .event("rides", 0, "b", "[]", 10L)
                .event("rides", 1, "c", "[\"z\", \"z\"]", 10L)
                .flush();
        views.event("rides", 0, "a", "[\"y\", \"u\"]", 20L).flush();

        // Then
        assertThat(views.rows("SELECT id, stop, _offset FROM views.each ORDER BY 1, 3, 2"))
                .containsExactly(
                        List.of("a", "x", 0L),
                        List.of("a", "y", 0L),
                        List.of("a", "u", 2L),
                        List.of("a", "y", 2L),
                        List.of("c", "z", 0L),
                        List.of("c", "z", 0L));
        assertThat(views.rows("SELECT _row FROM views.each ORDER BY id, _offset, _row"))
                .containsExactly(List.of(1L), List.of(2L), List.of(1L), List.of(2L), List.of(1L), List.of(2L));
        assertThat(views.rows("SELECT id, stop FROM views.keyed ORDER BY 1, 2"))
                .containsExactly(List.of("a", "u"), List.of("a", "x"), List.of("a", "y"), List.of("c", "z"));
        assertThat(views.rows("SELECT convert_from(key, 'UTF8'), source_offset, row FROM leat.outbox ORDER BY 1, 2, 3"))
                .containsExactly(
                        List.of("a", 0L, 0),
                        List.of("a", 0L, 1),
                        List.of("a", 2L, 0),
                        List.of("a", 2L, 1),
                        List.of("c", 0L, 0),
                        List.of("c", 0L, 1));
    }

    @Test
    void what_an_event_holds_several_of_is_grouped_by() {
        // Given
        SqlFixture views = views("""
                stops: {sql: "SELECT jsonb_array_elements_text(stops) AS stop, count(*) AS rides FROM rides GROUP BY stop"}
                hours:
                  sql: |
                    SELECT tumble('1 hour', at) AS hour, stop, count(*) AS rides, count(DISTINCT id) AS ids
                    FROM rides, jsonb_array_elements_text(stops) AS stop GROUP BY hour, stop
                """);

        // When
        views.event("rides", 0, "a", "[\"x\", \"y\"]", 10L)
                .event("rides", 0, "b", "[\"x\", \"x\"]", 10L)
                .flush();
        views.event("rides", 1, "a", "[\"y\"]", 20L).flush();

        // Then
        assertThat(views.rows("SELECT stop, rides FROM views.stops ORDER BY stop"))
                .containsExactly(List.of("x", 3L), List.of("y", 2L));
        assertThat(views.rows("SELECT stop, rides, ids FROM views.hours ORDER BY stop"))
                .containsExactly(List.of("x", 3L, 2L), List.of("y", 2L, 1L));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT id, jsonb_array_elements(stops) AS s FROM rides | `jsonb_array_elements` may make several rows of an event, and of each id there is one row; write `append: true`, or name in `key:` the columns of the result that tell the rows apart
            SELECT id, s FROM rides, jsonb_array_elements(stops) AS s | `jsonb_array_elements` may make several rows of an event, and of each id there is one row; write `append: true`, or name in `key:` the columns of the result that tell the rows apart
            SELECT id, n FROM rides, generate_series(1, (random() * 3)::int) AS n | column 46: `random` isn't immutable: it may give another result when the view is rebuilt; use the event's own fields
            """)
    void several_rows_of_a_key_are_refused(String select, String problem) {
        assertThatThrownBy(() -> views("bad: {sql: \"%s\"}".formatted(select)))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith(problem);
    }
}
