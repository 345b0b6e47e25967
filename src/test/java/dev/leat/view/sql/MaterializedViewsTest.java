package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is computed again where events touch it: the view is what Postgres makes of all events at once. */
class MaterializedViewsTest {

    private static final String SHAPE = "id:STRING! k:INT g:STRING n:INT at:TIMESTAMP!";

    private static final List<String> SELECTS = List.of(
            "SELECT g, count(*) AS c, sum(n) AS s, min(n) AS low FROM a_now GROUP BY g",
            "SELECT DISTINCT g FROM a_now",
            "SELECT a_now.id, b_now.id AS other, a_now.n, b_now.n AS m FROM a_now JOIN b_now ON a_now.k = b_now.k",
            "SELECT a_now.id, b_now.id AS other FROM a_now LEFT JOIN b_now ON a_now.k = b_now.k AND a_now.n = b_now.n",
            "SELECT a_now.g, b_now.g AS h, a_now.n, b_now.n AS m FROM a_now FULL JOIN b_now ON a_now.k = b_now.k AND"
                    + " a_now.n = b_now.n",
            "SELECT b_now.g, count(*) AS c FROM a_now LEFT JOIN b_now ON a_now.k = b_now.k GROUP BY b_now.g",
            "SELECT * FROM (SELECT g, id, n, row_number() OVER (PARTITION BY g ORDER BY n DESC NULLS LAST, id) AS place FROM"
                    + " a_now) AS q WHERE place <= 2",
            "SELECT x.id, y.id AS other FROM a_now AS x JOIN a_now AS y ON x.n = y.n AND x.id < y.id",
            "SELECT id FROM a_now WHERE NOT EXISTS (SELECT FROM b_now WHERE b_now.k = a_now.k)",
            "SELECT id, g FROM a_now WHERE n IN (SELECT n FROM b_now)",
            "SELECT k, c FROM a_groups WHERE c > 2",
            "SELECT c, count(*) AS groups, max(s) AS most FROM a_groups GROUP BY c",
            "SELECT a_now.id, a_groups.s, a_groups.mean FROM a_now JOIN a_groups ON a_now.k = a_groups.k",
            "SELECT v0.g, v0.c, v1.g AS h FROM v0 LEFT JOIN v1 ON v1.g = v0.g",
            "SELECT v0.c, a_now.id FROM v0 JOIN a_now ON a_now.g = v0.g",
            "SELECT id, n, current FROM a_past WHERE n > 10",
            "SELECT g, count(*) AS c FROM a_log GROUP BY g",
            "SELECT g, c FROM (SELECT g, count(*) AS c FROM a_now GROUP BY g UNION ALL SELECT g, count(*) FROM b_now GROUP BY"
                    + " g) AS q",
            "SELECT count(*) AS c, max(n) AS most FROM a_now",
            "SELECT a_now.g, sum(b_now.n) AS s FROM a_now JOIN b_now USING (k) GROUP BY a_now.g HAVING count(*) > 1",
            "WITH t AS (SELECT k, max(n) AS most FROM a_now GROUP BY k) SELECT a_now.id, t.most FROM t JOIN a_now ON"
                    + " a_now.k = t.k AND a_now.n = t.most",
            "SELECT id, (SELECT count(*) FROM b_now WHERE b_now.k = a_now.k) AS c FROM a_now",
            "SELECT g, sum(n) AS s FROM a_now GROUP BY g ORDER BY count(*) DESC, s, g OFFSET 1 FETCH NEXT 2 ROWS WITH TIES",
            "SELECT a_now.k, b_now.g FROM a_now, b_now WHERE a_now.k = b_now.k ORDER BY a_now.n + b_now.n DESC, a_now.id,"
                    + " b_now.id LIMIT 4",
            "SELECT count(*) AS c, sum(n) / 2 AS s, avg(n) AS m, min(g) AS l, bool_or(n > 30) AS o, count(n) FILTER (WHERE"
                    + " k > 1) AS f FROM a_now WHERE n > (SELECT avg(n) FROM a_now AS o WHERE o.k = a_now.k)",
            "SELECT x.g, y.g AS h, count(*) AS c FROM a_now AS x JOIN a_now AS y ON x.k = y.k AND x.id < y.id GROUP BY x.g,"
                    + " y.g",
            "SELECT x.id FROM a_now AS x WHERE EXISTS (SELECT FROM a_now AS y WHERE y.k = x.k AND y.n > x.n) AND NOT EXISTS"
                    + " (SELECT FROM a_now AS z WHERE z.g = x.g AND z.n > x.n)",
            "SELECT id, k NOT IN (SELECT k FROM a_now WHERE n > 20) AS o, k IN (SELECT k FROM b_now GROUP BY k HAVING"
                    + " count(*) > 2) IS NULL AS i FROM a_now",
            "SELECT x.g, z.g AS h, count(*) AS c FROM a_now AS x LEFT JOIN b_now AS y ON x.k = y.k LEFT JOIN b_now AS z ON"
                    + " x.n = z.n GROUP BY x.g, y.g, z.g");

    private static final String WITH = Stream.of("a_now", "b_now", "a_past", "a_log", "a_groups", "v0", "v1")
            .map(name -> name + " AS (SELECT * FROM views." + name + ")")
            .collect(Collectors.joining(", ", "WITH ", ""));

    private Random random;

    private static SqlFixture views(ViewsFixture database, List<String> selects) {
        StringBuilder yaml = new StringBuilder("streams:\n");
        for (String stream : List.of("a", "b")) {
            yaml.append("  ")
                    .append(stream)
                    .append(": {topic: t.")
                    .append(stream)
                    .append(", event-time: at, key: id}\n");
        }
        yaml.append("""
                views:
                  a_now: {latest: a}
                  b_now: {latest: b}
                  a_past: {history: a}
                  a_log: {log: a}
                  a_groups: {sql: "SELECT k, count(*) AS c, sum(n) AS s, avg(n) AS mean FROM a GROUP BY k"}
                """);
        for (int i = 0; i < selects.size(); i++) {
            yaml.append("  v")
                    .append(i)
                    .append(":\n    materialized: true\n    sql: |\n      ")
                    .append(selects.get(i))
                    .append("\n");
        }
        Map<String, String> shapes = new LinkedHashMap<>();
        List.of("a", "b").forEach(stream -> shapes.put(stream, SHAPE));
        return new SqlFixture(database, yaml.toString(), shapes);
    }

    private Object[] event(String stream, int number) {
        return new Object[] {
            stream + random.nextInt(12),
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
                String stream = List.of("a", "b").get(random.nextInt(2));
                Object[] event = event(stream, i);
                if (random.nextInt(5) == 0) {
                    Object[] key = new Object[event.length];
                    key[0] = event[0];
                    views.delete(stream, Math.floorMod(event[0].hashCode(), 2), key);
                } else {
                    views.event(stream, Math.floorMod(event[0].hashCode(), 2), event);
                }
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
}
