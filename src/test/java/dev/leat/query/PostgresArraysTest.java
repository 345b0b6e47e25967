package dev.leat.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leat.catalog.ViewTable;
import dev.leat.query.value.ColumnJson;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Arrays that a SELECT makes, of one dimension and of several, as they are answered. */
class PostgresArraysTest {

    /** An expression over the columns {@code n}, which is 1, and {@code k}, which is x; and its JSON. */
    private static final Map<String, String> SHOWN = Map.ofEntries(
            Map.entry("ARRAY[n, NULL]", "[1,null]"),
            Map.entry("ARRAY[ARRAY[n, n + 1], ARRAY[n + 2, n + 3]]", "[[1,2],[3,4]]"),
            Map.entry("ARRAY[ARRAY[n, NULL, n]]", "[[1,null,1]]"),
            Map.entry(
                    "ARRAY[ARRAY[ARRAY[n, 2], ARRAY[3, 4]], ARRAY[ARRAY[5, 6], ARRAY[7, 8]]]",
                    "[[[1,2],[3,4]],[[5,6],[7,8]]]"),
            Map.entry("ARRAY[ARRAY[k], ARRAY[k || ',\"']]", "[[\"x\"],[\"x,\\\"\"]]"),
            Map.entry("ARRAY[ARRAY[n::numeric, 'NaN']]", "[[\"1\",\"NaN\"]]"),
            Map.entry(
                    "ARRAY[ARRAY['2026-01-31T10:00Z'::timestamptz, 'infinity']]",
                    "[[\"2026-01-31T10:00:00Z\",\"infinity\"]]"),
            Map.entry(
                    "ARRAY[ARRAY['2026-01-31'::date], ARRAY['4713-01-01 BC'::date]]",
                    "[[\"2026-01-31\"],[\"-4712-01-01\"]]"),
            Map.entry("ARRAY[ARRAY['1 mon'::interval, '2 days']]", "[[\"P1M\",\"P2D\"]]"),
            Map.entry("ARRAY[ARRAY['24:00'::time]]", "[[\"24:00:00\"]]"),
            Map.entry("ARRAY[ARRAY['{\"a\":1.10}'::jsonb]]", "[[{\"a\": 1.10}]]"),
            Map.entry("ARRAY[ARRAY['NaN'::float8, 1.5]]", "[[\"NaN\",1.5]]"),
            Map.entry("ARRAY[ARRAY['\\x01'::bytea]]", "[[\"AQ==\"]]"),
            Map.entry("ARRAY[ARRAY[true, NULL]]", "[[true,null]]"),
            Map.entry("'[0:1][3:4]={{1,2},{3,4}}'::int[]", "[[1,2],[3,4]]"),
            Map.entry("'{{}}'::int[]", "[]"),
            Map.entry("NULL::int[]", "null"),
            Map.entry("to_jsonb(ARRAY[ARRAY[n]])", "[[1]]"));

    private static ViewsFixture database;

    @BeforeAll
    static void open() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** Several in one row: the lengths of each are told apart. */
    @Test
    void they_come_out_as_they_are() throws Exception {
        // Given
        List<String> expressions = List.copyOf(SHOWN.keySet());
        StringBuilder select = new StringBuilder("SELECT id");
        for (int i = 0; i < expressions.size(); i++) {
            select.append(", ").append(expressions.get(i)).append(" AS v").append(i);
        }
        SqlFixture views = new SqlFixture(database, """
                streams:
                  s: {topic: t.s, key: id}
                views:
                  v:
                    append: true
                    sql: |
                      %s FROM s
                """.formatted(select), Map.of("s", "id:STRING! k:STRING n:INT"));

        // When
        views.event("s", 0, "a", "x", 1L).flush();

        // Then
        assertThat(database.rows("SELECT message FROM leat.dead_letter")).isEmpty();
        Map<String, Object> answer = answer(database.catalogued("v"));
        for (int i = 0; i < expressions.size(); i++) {
            assertThat(new ObjectMapper().writeValueAsString(answer.get("v" + i)))
                    .as(expressions.get(i))
                    .isEqualTo(SHOWN.get(expressions.get(i)));
        }
    }

    private static Map<String, Object> answer(ViewTable table) {
        ViewSelect select = ViewSelect.of(new ViewQuery(table, table.columns(), List.of(), List.of(), 10));
        Row only = database.pool()
                .preparedQuery(select.sql())
                .execute(Tuple.tuple(select.parameters()))
                .await()
                .atMost(Deadline.GENEROUS)
                .iterator()
                .next();
        return ColumnJson.row(only, table.columns());
    }
}
