package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An explanation says what a change costs: what it touches, or all, and then why and what would help. */
class RecomputeMethodsTest {

    private static final String SHAPE = "id:STRING! k:INT g:STRING n:INT d:DOUBLE";

    private static SqlFixture views(ViewsFixture database, String select) {
        return new SqlFixture(database, """
                streams: {a: {topic: t.a, key: id}, b: {topic: t.b, key: id}}
                views:
                  a_now: {latest: a}
                  b_now: {latest: b}
                  v:
                    materialized: true
                    sql: |
                """ + select.indent(6), Map.of("a", SHAPE, "b", SHAPE));
    }

    private static String state(String select) {
        try (ViewsFixture database = new ViewsFixture()) {
            return String.join("\n", views(database, select).explain("v").state());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT id, n FROM a_now ORDER BY n DESC, id LIMIT 3 | v##1 takes the first rows again",
                "SELECT k, sum(n) AS s FROM a_now GROUP BY k ORDER BY 2 DESC, k LIMIT 3 | v##1 takes the first rows again",
                "SELECT sum(n) AS s, avg(n) AS m FROM a_now | v##1 puts its parts together again",
                "SELECT x.k, count(*) AS c FROM a_now x JOIN a_now y ON x.k = y.k GROUP BY x.k | a_now computes the rows again",
                "SELECT id FROM a_now x WHERE n > (SELECT avg(n) FROM a_now y WHERE y.k = x.k) | a_now computes the rows again",
                "SELECT id FROM a_now WHERE k NOT IN (SELECT k FROM a_now WHERE n > 3) | a_now computes the rows again",
                "SELECT id FROM a_now WHERE (k, g) IN (SELECT k, g FROM b_now GROUP BY k, g) | b_now computes the rows again"
            })
    void what_a_change_touches_is_enough(String select, String method) {
        assertThat(state(select)).contains(method).doesNotContain("computes all of it again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT sum(d) AS s FROM a_now | a_now | GROUP BY something",
                "SELECT count(DISTINCT n) AS c FROM a_now | a_now | GROUP BY something",
                "SELECT id, rank() OVER (ORDER BY n) AS r FROM a_now | a_now | no PARTITION BY in common",
                "SELECT id, g FROM a_now ORDER BY g COLLATE \"C\" LIMIT 2 | a_now | without COLLATE",
                "SELECT id FROM a_now WHERE EXISTS (SELECT FROM b_now WHERE n > 3) | b_now | compare a column of it"
            })
    void what_computes_all_of_it_says_why_and_what_would_help(String select, String input, String why) {
        assertThat(state(select))
                .contains("a change of " + input + " computes all of it again: ")
                .contains(why);
    }

    @Test
    void the_first_rows_are_found_by_an_index_as_far_as_its_columns_are_short() {
        // Given
        try (ViewsFixture database = new ViewsFixture()) {
            String select = "SELECT id, g FROM a_now ORDER BY n + 1 DESC NULLS LAST, k, g, d LIMIT 3";

            // When
            SqlFixture views = views(database, select);

            // Then
            assertThat(
                            views.rows(
                                    "SELECT regexp_replace(indexdef, '.* USING ', '') FROM pg_indexes WHERE tablename = 'v##1'"))
                    .contains(List.of("btree (_o1 DESC NULLS LAST, _o2)"));
        }
    }

    @Test
    void the_rows_of_a_part_are_found_by_an_index() {
        // Given
        try (ViewsFixture database = new ViewsFixture()) {

            // When
            SqlFixture views = views(database, "SELECT sum(n) AS s FROM a_now");

            // Then
            assertThat(
                            views.rows(
                                    "SELECT regexp_replace(indexdef, '.* USING ', '') FROM pg_indexes WHERE tablename = 'v##2'"))
                    .contains(List.of("btree (_b)"));
        }
    }
}
