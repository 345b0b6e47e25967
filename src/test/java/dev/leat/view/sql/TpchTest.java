package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The 22 queries of TPC-H as views over eight tables that are inserted, updated and deleted: each is what Postgres answers. The
 * parameters are such that few rows are enough, prices are whole numbers, and orders are complete.
 *
 * <p>Source: TPC Benchmark H, revision 3, section 2.4.
 */
class TpchTest {

    private static final int QUERIES = 22;
    private static final int CHANGES = 500;

    /** By table: its columns, each with a kind and how a value is made. */
    private static final Map<String, List<TpchTables.Field>> TABLES = TpchTables.tables();

    private static final String WITH = TABLES.keySet().stream()
            .map(table -> table + " AS (SELECT * FROM views." + table + ")")
            .collect(Collectors.joining(", ", "WITH ", ""));

    private Random random;

    private static String query(int number) {
        try {
            return Files.readString(Path.of("src/test/resources/tpch/q%02d.sql".formatted(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SqlFixture views(ViewsFixture database) {
        StringBuilder yaml = new StringBuilder("streams:\n");
        Map<String, String> shapes = new LinkedHashMap<>();
        TABLES.forEach((table, fields) -> {
            yaml.append("  of_%1$s: {topic: t.%1$s, key: %2$s}\n"
                    .formatted(table, fields.getFirst().name()));
            shapes.put(
                    "of_" + table,
                    fields.stream()
                            .map(f -> f.name() + ":" + f.kind())
                            .collect(Collectors.joining(" "))
                            .replaceFirst(":INT", ":INT!"));
        });
        yaml.append("views:\n");
        TABLES.keySet().forEach(table -> yaml.append("  %1$s: {latest: of_%1$s}\n".formatted(table)));
        for (int i = 1; i <= QUERIES; i++) {
            yaml.append("  q%d:\n    materialized: true\n    sql: |\n".formatted(i))
                    .append(query(i).indent(6));
        }
        return new SqlFixture(database, yaml.toString(), shapes);
    }

    private void change(SqlFixture views) {
        List<String> names = List.of(
                "lineitem",
                "lineitem",
                "lineitem",
                "orders",
                "orders",
                "partsupp",
                "part",
                "customer",
                "supplier",
                "nation",
                "region");
        String table = names.get(random.nextInt(names.size()));
        List<TpchTables.Field> fields = TABLES.get(table);
        Object[] values = fields.stream().map(f -> f.value().of(random)).toArray();
        if (random.nextInt(7) == 0) {
            Object[] key = new Object[values.length];
            key[0] = values[0];
            views.delete("of_" + table, 0, key);
        } else {
            views.event("of_" + table, 0, values);
        }
    }

    /** By query, the changes that compute all of it again. */
    private static final Map<String, List<String>> AS_A_WHOLE = Map.of(
            "q11",
            List.of("partsupp", "supplier", "nation"),
            "q15",
            List.of("q15##1", "lineitem"),
            "q22",
            List.of("customer", "orders"));

    /** What an explanation says of changes that compute all of a view again, in short. */
    private static List<String> asAWhole(SqlFixture views, String view) {
        return views.explain(view).state().stream()
                .flatMap(table ->
                        Stream.of(table.split("; a change of|: a change of")).skip(1))
                .filter(method -> method.contains("computes all of it again"))
                .map(method -> method.strip().split(" ")[0])
                .toList();
    }

    @Test
    void most_queries_are_computed_by_what_a_change_touches_whichever_table_changes() {
        // Given
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = views(database);

            // When
            Map<String, List<String>> whole = new TreeMap<>();
            for (int q = 1; q <= QUERIES; q++) {
                List<String> of = asAWhole(views, "q" + q);
                if (!of.isEmpty()) {
                    whole.put("q" + q, of);
                }
            }

            // Then
            assertThat(whole).isEqualTo(AS_A_WHOLE);
            assertThat(QUERIES - whole.size()).isGreaterThanOrEqualTo(15);
        }
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void each_query_is_what_postgres_answers_while_its_tables_change(long seed) {
        // Given
        random = new Random(seed);
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = views(database);
            List<String> wrong = new ArrayList<>();
            int rows = 0;

            // When
            for (int i = 1; i <= CHANGES; i++) {
                change(views);
                if (random.nextInt(20) == 0) {
                    views.flush();
                }
            }
            views.flush();

            // Then
            for (int q = 1; q <= QUERIES; q++) {
                wrong.add(SelectOracle.difference(views, WITH, query(q), "q" + q));
                rows += views.rows("SELECT FROM views.q" + q + " LIMIT 1").size();
            }
            assertThat(String.join("", wrong)).isEmpty();
            assertThat(rows).as("queries with rows").isGreaterThan(18);
        }
    }
}
