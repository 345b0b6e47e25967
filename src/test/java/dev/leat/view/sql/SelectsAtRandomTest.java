package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is asked of streams and views: after each batch the view is what Postgres makes of all events so far, and of the
 * other views, at once. A case is a SELECT and a history, of which each has one more batch than the one before; the short form
 * has ten thousand. {@code -Dleat.random-selects=500} has so many SELECTs of streams, and of views, for each seed.
 */
class SelectsAtRandomTest {

    private static final String SHAPE = "id:STRING! k:INT g:STRING n:INT at:TIMESTAMP!";
    private static final List<String> STREAMS = List.of("a", "b", "c");
    private static final List<String> TABLES = List.of("a_now", "b_now", "groups");
    private static final int QUERIES = Integer.getInteger("leat.random-selects", 25);
    private static final int BATCHES = 200;
    private static final int A_BATCH = 4;

    private static final String WITH = Stream.concat(
                    STREAMS.stream()
                            .map(s -> s + " AS (SELECT id, k, g, n, at FROM views." + s + "_log WHERE at IS NOT NULL)"),
                    TABLES.stream().map(t -> t + " AS (SELECT id, k, g, n FROM views." + t + ")"))
            .collect(Collectors.joining(", ", "WITH ", ""));

    private Random random;

    private static SqlFixture views(ViewsFixture database, Map<String, String> selects) {
        StringBuilder yaml = new StringBuilder("streams:\n");
        STREAMS.forEach(s -> yaml.append("  %1$s: {topic: t.%1$s, event-time: at, key: id}\n".formatted(s)));
        yaml.append("views:\n");
        STREAMS.forEach(s -> yaml.append("  %1$s_log: {log: %1$s}\n  %1$s_now: {latest: %1$s}\n".formatted(s)));
        yaml.append(
                "  groups: {sql: \"SELECT min(id) AS id, k, max(g) AS g, count(*)::int AS n FROM c GROUP BY k\"}\n");
        selects.forEach((name, select) -> yaml.append("  %s:\n".formatted(name))
                .append(name.startsWith("t") ? "    materialized: true\n" : "")
                .append("    sql: |\n      %s\n".formatted(select)));
        Map<String, String> shapes = new LinkedHashMap<>();
        STREAMS.forEach(stream -> shapes.put(stream, SHAPE));
        return new SqlFixture(database, yaml.toString(), shapes);
    }

    private Object[] event(String stream) {
        return new Object[] {
            stream + random.nextInt(20),
            random.nextInt(8) == 0 ? null : (long) random.nextInt(4),
            random.nextInt(8) == 0 ? null : List.of("x", "X", "y", "z").get(random.nextInt(4)),
            random.nextInt(8) == 0 ? null : (long) random.nextInt(20),
            (long) random.nextInt(50)
        };
    }

    private static int partition(Object[] event) {
        return Math.floorMod(event[0].hashCode(), 2);
    }

    private void feed(SqlFixture views) {
        // Mostly one lane's, because each applies a batch of its own.
        boolean several = random.nextInt(4) == 0;
        String lane = STREAMS.get(random.nextInt(3));
        for (int i = random.nextInt(2 * A_BATCH); i >= 0; i--) {
            String stream = several ? STREAMS.get(random.nextInt(3)) : lane;
            Object[] event = event(stream);
            int partition = partition(event);
            if (several || partition == 0) {
                if (random.nextInt(6) == 0) {
                    views.delete(stream, partition, event[0], null, null, null, null);
                } else {
                    views.event(stream, partition, event);
                }
            }
        }
        views.flush();
        if (random.nextInt(100) == 0) {
            views.restart();
        }
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_view_is_what_postgres_makes_of_everything_at_once(long seed) {
        // Given
        random = new Random(seed);
        Map<String, String> selects = new LinkedHashMap<>();
        RandomSelects streams = new RandomSelects(random, STREAMS);
        RandomSelects tables = new RandomSelects(random, TABLES);
        for (int i = 0; i < QUERIES; i++) {
            selects.put("s" + i, "SELECT * FROM (" + streams.query(2) + ") AS o");
            selects.put("t" + i, tables.query(2));
        }
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = views(database, selects);
            String differences = differences(views, selects);

            for (int batch = 1; batch <= BATCHES; batch++) {
                // When
                feed(views);

                // Then
                for (List<Object> wrong : views.rows(differences)) {
                    String view = wrong.getFirst().toString();
                    String difference = SelectOracle.difference(views, WITH, selects.get(view), view);
                    assertThat(difference).as("after batch %s", batch).isEmpty();
                }
            }
        }
    }

    private static String differences(SqlFixture views, Map<String, String> selects) {
        return selects.entrySet().stream()
                .map(view -> "SELECT '" + view.getKey() + "' WHERE EXISTS ("
                        + SelectOracle.symmetricDifference(
                                view.getValue(), view.getKey(), SelectOracle.columns(views, view.getKey()))
                        + ")")
                .collect(Collectors.joining(" UNION ALL ", WITH + " ", ""));
    }
}
