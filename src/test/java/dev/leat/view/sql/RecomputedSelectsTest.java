package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is computed again where events touch it: the view is what Postgres makes of all events at once. */
class RecomputedSelectsTest {

    private static final String SHAPE = "id:STRING! k:INT g:STRING n:INT at:TIMESTAMP!";

    private static final List<String> SELECTS = List.of(
            "SELECT DISTINCT g FROM a",
            "SELECT DISTINCT k, g FROM a WHERE n > 10",
            "SELECT DISTINCT ON (g) g, n, id FROM a ORDER BY g, n DESC, id",
            "SELECT g, k, n, rank() OVER (PARTITION BY g ORDER BY n DESC, id) AS place FROM a",
            "SELECT * FROM (SELECT g, id, n, row_number() OVER (PARTITION BY g ORDER BY n DESC, id) AS place FROM a) AS q"
                    + " WHERE place <= 2",
            "SELECT g, n, sum(n) OVER w AS s, lag(n) OVER w AS l FROM a WINDOW w AS (PARTITION BY g, k ORDER BY at, id)",
            "SELECT g, count(*) AS c FROM (SELECT DISTINCT g, k FROM a) AS q GROUP BY g",
            "SELECT c, count(*) AS groups FROM (SELECT g, count(*) AS c FROM a GROUP BY g) AS q GROUP BY c",
            "WITH big AS (SELECT g, k, n FROM a WHERE n > 20) SELECT x.g, count(*) AS c FROM big AS x JOIN big AS y"
                    + " ON x.k = y.k AND x.n < y.n GROUP BY x.g",
            "SELECT g, n FROM a UNION ALL SELECT g, n FROM b",
            "SELECT g FROM a UNION SELECT g FROM b",
            "SELECT g, k FROM a EXCEPT SELECT g, k FROM b",
            "SELECT g, k FROM a INTERSECT SELECT g, k FROM b",
            "SELECT a.g, a.id, b.n FROM a RIGHT JOIN b ON a.k = b.k AND a.g = b.g",
            "SELECT a.g, b.g AS h, a.n, b.n AS m FROM a FULL JOIN b ON a.k = b.k AND a.n = b.n",
            "SELECT a.g, b.n, c.n AS o FROM a JOIN b ON a.k = b.k JOIN c ON b.g = c.g AND b.n = c.n",
            "SELECT a.g, b.n, c.n AS o FROM a LEFT JOIN b ON a.k = b.k AND a.n = b.n LEFT JOIN c ON b.g = c.g AND c.n ="
                    + " b.n + 1",
            "SELECT b.g, count(*) AS c, sum(a.n) AS s, count(c.id) AS i FROM a LEFT JOIN b ON a.k = b.k AND a.n = b.n LEFT"
                    + " JOIN c ON b.g = c.g GROUP BY b.g",
            "SELECT a.g, count(*) AS c, sum(b.n) AS s FROM a, b, c WHERE a.k = b.k AND b.n = c.n GROUP BY a.g",
            "SELECT id, g FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND b.n > a.n)",
            "SELECT id, g FROM a WHERE NOT EXISTS (SELECT * FROM b WHERE b.k = a.k AND b.g = a.g)",
            "SELECT id, g FROM a WHERE n IN (SELECT n FROM b WHERE g = 'x')",
            "SELECT id, g FROM a WHERE n NOT IN (SELECT n FROM b WHERE n IS NOT NULL)",
            "SELECT g, count(*) AS c FROM a WHERE k IN (SELECT k FROM b) GROUP BY g",
            "SELECT id, (SELECT max(b.n) FROM b WHERE b.k = a.k) AS top FROM a",
            "SELECT count(DISTINCT k) AS d, count(*) AS c FROM (SELECT k FROM a UNION ALL SELECT k FROM b) AS q",
            "SELECT a.id, q.c FROM a JOIN (SELECT k, count(*) AS c FROM b GROUP BY k) AS q ON q.k = a.k",
            "SELECT a.id, q.n FROM a LEFT JOIN LATERAL (SELECT n FROM b WHERE b.k = a.k ORDER BY n DESC, id LIMIT 1) AS q ON"
                    + " true",
            "SELECT a.id, q.n FROM a CROSS JOIN LATERAL (SELECT n FROM b WHERE b.k = a.k ORDER BY n DESC, id LIMIT 1) AS q",
            "SELECT g, n FROM a ORDER BY n DESC NULLS LAST, id LIMIT 3",
            "SELECT DISTINCT ON (k) k, n, id FROM a ORDER BY k, n DESC NULLS LAST, id LIMIT 3",
            "SELECT id FROM a WHERE EXISTS (SELECT FROM c JOIN b ON b.k = c.k AND b.n >= (SELECT max(x.n) - 9 FROM b AS x)"
                    + " WHERE c.g = a.g)",
            "SELECT id FROM a WHERE n IN (SELECT (SELECT max(b.n) - 9 FROM b) FROM c)",
            "SELECT x.id, y.id AS other FROM a AS x JOIN a AS y ON x.k = y.k AND x.g = y.g AND x.id < y.id",
            "SELECT lower(g) AS g, percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS median FROM (SELECT * FROM a) AS q"
                    + " GROUP BY lower(q.g)",
            "SELECT q.g, q.c FROM (SELECT g, count(*) AS c FROM a GROUP BY 1 HAVING count(*) > 3) AS q",
            "SELECT p.g, p.c, q.c AS d FROM (SELECT g, count(*) AS c FROM a GROUP BY g) AS p FULL JOIN (SELECT g, count(*)"
                    + " AS c FROM b GROUP BY g) AS q ON p.g = q.g");

    private static final String WITH =
            "WITH a AS (SELECT id, k, g, n, at FROM views.a_log), b AS (SELECT id, k, g, n, at FROM"
                    + " views.b_log), c AS (SELECT id, k, g, n, at FROM views.c_log)";

    private Random random;

    private static SqlFixture views(ViewsFixture database, List<String> selects) {
        StringBuilder yaml = new StringBuilder("streams:\n");
        for (String stream : List.of("a", "b", "c")) {
            yaml.append("  ")
                    .append(stream)
                    .append(": {topic: t.")
                    .append(stream)
                    .append(", event-time: at}\n");
        }
        yaml.append("views:\n");
        for (String stream : List.of("a", "b", "c")) {
            yaml.append("  ")
                    .append(stream)
                    .append("_log: {log: ")
                    .append(stream)
                    .append("}\n");
        }
        for (int i = 0; i < selects.size(); i++) {
            yaml.append("  v")
                    .append(i)
                    .append(":\n    sql: |\n      ")
                    .append(selects.get(i))
                    .append("\n");
        }
        Map<String, String> shapes = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(stream -> shapes.put(stream, SHAPE));
        return new SqlFixture(database, yaml.toString(), shapes);
    }

    private Object[] event(String stream, int number) {
        return new Object[] {
            stream + number,
            random.nextInt(8) == 0 ? null : (long) random.nextInt(5),
            random.nextInt(8) == 0 ? null : List.of("x", "X", "y", "z").get(random.nextInt(4)),
            random.nextInt(8) == 0 ? null : (long) random.nextInt(40),
            (long) random.nextInt(50)
        };
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_view_is_what_postgres_makes_of_all_events_at_once(long seed) {
        // Given
        random = new Random(seed);
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = views(database, SELECTS);
            List<String> wrong = new ArrayList<>();

            // When
            for (int i = 0; i < 150; i++) {
                String stream = List.of("a", "b", "c").get(random.nextInt(3));
                views.event(stream, random.nextInt(2), event(stream, i));
                if (random.nextInt(12) == 0) {
                    views.flush();
                }
                if (random.nextInt(60) == 0) {
                    views.flush();
                    views.restart();
                }
            }
            views.flush();

            // Then
            for (int i = 0; i < SELECTS.size(); i++) {
                wrong.add(SelectOracle.difference(views, WITH, SELECTS.get(i), "v" + i));
            }
            assertThat(String.join("", wrong)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT DISTINCT * FROM s",
                "SELECT * FROM s UNION SELECT * FROM s",
                "SELECT * FROM s EXCEPT SELECT * FROM s WHERE v > 5",
                "SELECT * FROM s UNION ALL SELECT * FROM s"
            })
    void a_column_that_comes_later_is_part_of_what_tells_rows_apart(String select) {
        // Given
        String yaml = "streams: {s: {topic: t.s}}\nviews: {v: {sql: '" + select + "'}}\n";
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = new SqlFixture(database, yaml, Map.of("s", "id:STRING! v:INT"));
            views.event("s", 0, "a", 1L).event("s", 0, "a", 1L).flush();

            // When
            views.promote(Map.of("s", ValueRows.shape("id:STRING! v:INT fresh:STRING")));
            views.event("s", 0, "a", 1L, "x").event("s", 0, "a", 1L, "y").flush();
            views.restart();
            views.event("s", 0, "b", 2L, null).flush();

            // Then
            String with =
                    "WITH s(id, v, fresh) AS (VALUES ('a', 1, NULL), ('a', 1, NULL), ('a', 1, 'x'), ('a', 1, 'y'),"
                            + " ('b', 2, NULL))";
            assertThat(SelectOracle.difference(views, with, select, "v")).isEmpty();
            assertThat(views.failures().current()).isEmpty();
        }
    }
}
