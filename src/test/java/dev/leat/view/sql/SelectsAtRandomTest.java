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

/** Whatever is asked of streams and views: the view is what Postgres makes of all events, and of the other views, at once. */
class SelectsAtRandomTest {

    private static final String SHAPE = "id:STRING! k:INT g:STRING n:INT at:TIMESTAMP!";
    private static final List<String> STREAMS = List.of("a", "b", "c");
    private static final List<String> TABLES = List.of("a_now", "b_now", "groups");
    private static final int QUERIES = Integer.getInteger("leat.random-selects", 10);
    private static final int EVENTS = 60;

    private static final String WITH = Stream.concat(
                    STREAMS.stream()
                            .map(s -> s + " AS (SELECT id, k, g, n, at FROM views." + s + "_log WHERE at IS NOT NULL)"),
                    TABLES.stream().map(t -> t + " AS (SELECT id, k, g, n FROM views." + t + ")"))
            .collect(Collectors.joining(", ", "WITH ", ""));

    private Random random;

    private static SqlFixture views(ViewsFixture database, List<String> ofStreams, List<String> ofTables) {
        StringBuilder yaml = new StringBuilder("streams:\n");
        STREAMS.forEach(s -> yaml.append("  %1$s: {topic: t.%1$s, event-time: at, key: id}\n".formatted(s)));
        yaml.append("views:\n");
        STREAMS.forEach(s -> yaml.append("  %1$s_log: {log: %1$s}\n  %1$s_now: {latest: %1$s}\n".formatted(s)));
        yaml.append(
                "  groups: {sql: \"SELECT min(id) AS id, k, max(g) AS g, count(*)::int AS n FROM c GROUP BY k\"}\n");
        for (int i = 0; i < ofStreams.size(); i++) {
            yaml.append("  s")
                    .append(i)
                    .append(":\n    sql: |\n      ")
                    .append(ofStreams.get(i))
                    .append("\n");
        }
        for (int i = 0; i < ofTables.size(); i++) {
            yaml.append("  t")
                    .append(i)
                    .append(":\n    materialized: true\n    sql: |\n      ")
                    .append(ofTables.get(i))
                    .append("\n");
        }
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

    private void feed(SqlFixture views) {
        for (int i = 0; i < EVENTS; i++) {
            String stream = STREAMS.get(random.nextInt(3));
            Object[] event = event(stream);
            int partition = Math.floorMod(event[0].hashCode(), 2);
            if (random.nextInt(6) == 0) {
                views.delete(stream, partition, event[0], null, null, null, null);
            } else {
                views.event(stream, partition, event);
            }
            if (random.nextInt(10) == 0) {
                views.flush();
            }
        }
        views.flush();
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_view_is_what_postgres_makes_of_everything_at_once(long seed) {
        // Given
        random = new Random(seed);
        List<String> ofStreams = new ArrayList<>();
        List<String> ofTables = new ArrayList<>();
        RandomSelects streams = new RandomSelects(random, STREAMS);
        RandomSelects tables = new RandomSelects(random, TABLES);
        for (int i = 0; i < QUERIES; i++) {
            ofStreams.add("SELECT * FROM (" + streams.query(2) + ") AS o");
            ofTables.add(tables.query(2));
        }
        List<String> wrong = new ArrayList<>();
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = views(database, ofStreams, ofTables);

            // When
            feed(views);

            // Then
            for (int i = 0; i < QUERIES; i++) {
                wrong.add(SelectOracle.difference(views, WITH, ofStreams.get(i), "s" + i));
                wrong.add(SelectOracle.difference(views, WITH, ofTables.get(i), "t" + i));
            }
        }
        assertThat(String.join("", wrong)).isEmpty();
    }
}
