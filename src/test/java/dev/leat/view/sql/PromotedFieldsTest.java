package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.LogLines;
import dev.leat.catalog.ColumnDdl;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept beside views follows a field to its wider type. */
class PromotedFieldsTest {

    @ParameterizedTest
    @ValueSource(strings = {"latest: s", "latest: s, soft-delete: true", "history: s"})
    void a_delete_is_applied_after_the_event_time_was_promoted(String kind) {
        // Given
        String yaml = """
                streams:
                  s: {topic: t.s, key: id, event-time: {field: at, unit: s}}
                views:
                  v: {%s}
                """.formatted(kind);
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = new SqlFixture(database, yaml, Map.of("s", "id:STRING! v:INT at:INT!"));
            views.event("s", 0, "a", 1L, 1_000L)
                    .delete("s", 0, "a", null, null)
                    .event("s", 0, "b", 1L, 1_000L)
                    .flush();

            // When
            views.promote(Map.of("s", ValueRows.shape("id:STRING! v:INT at:LONG!")));
            views.event("s", 0, "b", 2L, 3_000_000_000L).flush();
            views.delete("s", 0, "b", null, null).flush();

            // Then
            String left =
                    kind.contains("soft") ? " WHERE NOT _deleted" : kind.contains("history") ? " WHERE current" : "";
            assertThat(views.rows("SELECT view, message FROM leat.dead_letter")).isEmpty();
            assertThat(views.rows("SELECT count(*) FROM views.v" + left)).containsExactly(List.of(0L));
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, LONG", "INT, DOUBLE", "LONG, DOUBLE", "INT, FLOAT", "FLOAT, DOUBLE"})
    void a_duplicate_is_known_after_its_id_was_promoted(String from, String to) {
        // Given
        String yaml = """
                streams:
                  s: {topic: t.s, key: id, deduplicate: {by: n, within: 300d}}
                views:
                  s_log: {log: s}
                """;
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = new SqlFixture(database, yaml, Map.of("s", "id:STRING! n:" + from));
            views.event("s", 0, "a", value(from)).flush();

            // When
            views.promote(Map.of("s", ValueRows.shape("id:STRING! n:" + to)));
            views.event("s", 0, "a", value(to)).flush();

            // Then
            assertThat(views.rows("SELECT count(*) FROM views.s_log")).containsExactly(List.of(1L));
        }
    }

    @Test
    void columns_that_come_or_widen_are_logged() {
        try (ViewsFixture database = new ViewsFixture();
                LogLines log = new LogLines(ColumnDdl.class.getName())) {
            // Given
            SqlFixture views = new SqlFixture(
                    database,
                    "streams:\n  s: {topic: t.s, key: id}\nviews:\n  v: {log: s}\n",
                    Map.of("s", "id:STRING! n:INT"));
            views.event("s", 0, "a", 1L).flush();
            assertThat(log.lines()).isEmpty();

            // When
            views.promote(Map.of("s", ValueRows.shape("id:STRING! n:LONG more:STRING")))
                    .restart();

            // Then
            assertThat(log.lines())
                    .containsExactly("columns changed table=\"views\".\"v\" added=\"more\" text widened=\"n\" bigint");
        }
    }

    private static Object value(String kind) {
        return kind.equals("INT") || kind.equals("LONG") ? (Object) 5L : (Object) 5.0;
    }
}
