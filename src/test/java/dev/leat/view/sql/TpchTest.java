package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
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
    private static final Map<String, List<Field>> TABLES = tables();

    private static final String WITH = TABLES.keySet().stream()
            .map(table -> table + " AS (SELECT * FROM views." + table + ")")
            .collect(Collectors.joining(", ", "WITH ", ""));

    private Random random;

    private interface Value {
        Object of(Random random);
    }

    private record Field(String name, String kind, Value value) {}

    private static Field number(String name, int values) {
        return new Field(name, "INT", random -> (long) random.nextInt(values));
    }

    private static Field money(String name) {
        return new Field(name, "LONG", random -> (long) random.nextInt(900) - 50);
    }

    private static Field date(String name) {
        long first = LocalDate.of(1993, 1, 1).toEpochDay();
        return new Field(name, "DATE", random -> first + random.nextInt(1200));
    }

    private static Field text(String name, String... values) {
        return new Field(name, "STRING", random -> values[random.nextInt(values.length)]);
    }

    private static Map<String, List<Field>> tables() {
        Map<String, List<Field>> tables = new LinkedHashMap<>();
        tables.put("region", List.of(number("r_regionkey", 3), text("r_name", "EUROPE", "ASIA", "AMERICA")));
        tables.put(
                "nation",
                List.of(
                        number("n_nationkey", 6),
                        text("n_name", "FRANCE", "GERMANY", "BRAZIL", "CANADA"),
                        number("n_regionkey", 3)));
        tables.put(
                "supplier",
                List.of(
                        number("s_suppkey", 8),
                        text("s_name", "s1", "s2", "s3", "s4"),
                        text("s_address", "here", "there"),
                        number("s_nationkey", 6),
                        text("s_phone", "11", "12"),
                        money("s_acctbal"),
                        text("s_comment", "fine", "Customer x Complaints", "none")));
        tables.put(
                "customer",
                List.of(
                        number("c_custkey", 10),
                        text("c_name", "c1", "c2", "c3"),
                        text("c_address", "here", "there"),
                        number("c_nationkey", 6),
                        text("c_phone", "13-1", "31-2", "23-3", "99-4"),
                        money("c_acctbal"),
                        text("c_mktsegment", "BUILDING", "BUILDING", "OTHER")));
        tables.put(
                "part",
                List.of(
                        number("p_partkey", 10),
                        text("p_name", "forest green", "forest", "green", "red"),
                        text("p_mfgr", "m1", "m2"),
                        text("p_brand", "Brand#12", "Brand#23", "Brand#45"),
                        text("p_type", "PROMO BRASS", "SMALL BRASS", "MEDIUM POLISHED TIN", "PROMO TIN"),
                        number("p_size", 50),
                        text("p_container", "SM CASE", "SM BOX", "MED BAG")));
        tables.put(
                "partsupp",
                List.of(
                        number("ps_id", 20),
                        number("ps_partkey", 10),
                        number("ps_suppkey", 8),
                        number("ps_availqty", 60),
                        number("ps_supplycost", 9)));
        tables.put(
                "orders",
                List.of(
                        number("o_orderkey", 25),
                        number("o_custkey", 10),
                        text("o_orderstatus", "F", "F", "O"),
                        number("o_totalprice", 1000),
                        date("o_orderdate"),
                        text("o_orderpriority", "1-URGENT", "2-HIGH", "3-MEDIUM"),
                        number("o_shippriority", 2),
                        text("o_comment", "special x requests", "none", "none")));
        tables.put(
                "lineitem",
                List.of(
                        number("l_id", 60),
                        number("l_orderkey", 25),
                        number("l_partkey", 10),
                        number("l_suppkey", 8),
                        number("l_quantity", 50),
                        number("l_extendedprice", 1000),
                        number("l_discount", 11),
                        number("l_tax", 9),
                        text("l_returnflag", "R", "A", "N"),
                        text("l_linestatus", "O", "F"),
                        date("l_shipdate"),
                        date("l_commitdate"),
                        date("l_receiptdate"),
                        text("l_shipmode", "MAIL", "SHIP", "AIR")));
        return tables;
    }

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
        List<Field> fields = TABLES.get(table);
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
