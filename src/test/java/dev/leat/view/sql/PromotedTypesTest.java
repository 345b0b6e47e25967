package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Pipeline;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Branch;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.ColumnType.Member;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.ViewFault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every promotion that Avro allows, under every kind of view in SQL: while it runs, after a restart, and with an instance
 * beside it that knows the older contract only. Afterwards each view has what Postgres makes of the same SELECT over all
 * events.
 */
class PromotedTypesTest {

    private static final String STREAMS = """
            streams:
              s: {topic: t.s, key: id, event-time: at}
              r: {topic: t.r, key: id, event-time: at}
            views:
              s_log: {log: s}
              r_log: {log: r}
              s_latest: {latest: s}
              r_latest: {latest: r}
              appended: {append: true, sql: 'SELECT id, v, at FROM s'}
              starred: {append: true, sql: 'SELECT * FROM s'}
              keyed: {sql: 'SELECT id, v FROM s'}
              newest: {key: k, sql: 'SELECT k, v FROM s'}
              by_value: {sql: 'SELECT v, count(*) AS n FROM s GROUP BY v'}
              counted: {sql: 'SELECT k, count(v) AS n, count(DISTINCT v) AS kinds FROM s GROUP BY k'}
              ends: {sql: 'SELECT k, first(v) AS a, last(v) AS z FROM s GROUP BY k'}
              sessions: {sql: "SELECT v, session('1 day', at) AS begun, count(*) AS n FROM s GROUP BY v, begun"}
              joined: {append: true, sql: "SELECT s.id, s.v, r.v AS w FROM s JOIN r ON r.id = s.id AND r.at BETWEEN s.at AND s.at + interval '1 hour'"}
              looked_up: {append: true, sql: 'SELECT s.id, s.v, l.v AS w FROM s LEFT JOIN r_latest l ON l.id = s.id'}
              over: {sql: 'SELECT id, v FROM s_latest'}
              over_over: {sql: 'SELECT v, id FROM over'}
            """;

    private static final String NUMBERS = """
            totals: {sql: 'SELECT k, sum(v) AS total, min(v) AS low, max(v) AS high, avg(v) AS mean FROM s GROUP BY k'}
            all_of_it: {sql: 'SELECT count(*) AS n, sum(v) AS total FROM s'}
            spread: {sql: 'SELECT k, round(var_samp(v)::numeric, 6) AS varied, round(stddev_pop(v)::numeric, 6) AS dev FROM s GROUP BY k'}
            firsts: {sql: 'SELECT k, (array_agg(v ORDER BY v))[1:3] AS few FROM s GROUP BY k'}
            windows: {sql: "SELECT k, tumble('10 minutes', at) AS begun, sum(v) AS total, max(v) AS high FROM s GROUP BY k, begun"}
            hops: {sql: "SELECT hop('20 minutes', '10 minutes', at) AS begun, sum(v) AS total FROM s GROUP BY begun"}
            pairs: {sql: "SELECT s.k, sum(s.v + r.v) AS total FROM s JOIN r ON r.id = s.id AND r.at BETWEEN s.at AND s.at + interval '1 hour' GROUP BY s.k"}
            high: {append: true, sql: 'SELECT id, v * 2 AS twice FROM s WHERE v > 1'}
            """;

    /** The same SELECT over what {@code log} views have: Postgres's own word. */
    private static final Map<String, String> ORACLES = new LinkedHashMap<>();

    static {
        ORACLES.put("id, v, at FROM appended", "id, v, at FROM s_log");
        ORACLES.put("id, k, v, at FROM starred", "id, k, v, at FROM s_log");
        ORACLES.put("id, v FROM keyed", "DISTINCT ON (id) id, v FROM s_log ORDER BY id, at DESC, _offset DESC");
        ORACLES.put("k, v FROM newest", "DISTINCT ON (k) k, v FROM s_log ORDER BY k, at DESC, _offset DESC");
        ORACLES.put("v, n FROM by_value", "v, count(*) AS n FROM s_log GROUP BY v");
        ORACLES.put("k, n, kinds FROM counted", "k, count(v) AS n, count(DISTINCT v) AS kinds FROM s_log GROUP BY k");
        ORACLES.put(
                "k, a, z FROM ends",
                "k, leat.first(v ORDER BY at, _partition, _offset) AS a, leat.last(v ORDER BY at, _partition, _offset) AS z"
                        + " FROM s_log GROUP BY k");
        ORACLES.put("v, n FROM sessions", "v, count(*) AS n FROM s_log GROUP BY v");
        String pairs = " FROM s_log s JOIN r_log r ON r.id = s.id AND r.at BETWEEN s.at AND s.at + interval '1 hour'";
        ORACLES.put("id, v, w FROM joined", "s.id, s.v, r.v AS w" + pairs);
        ORACLES.put("id, v FROM looked_up", "id, v FROM s_log");
        ORACLES.put("id, v FROM over", "DISTINCT ON (id) id, v FROM s_log ORDER BY id, at DESC, _offset DESC");
        ORACLES.put("id, v FROM over_over", "DISTINCT ON (id) id, v FROM s_log ORDER BY id, at DESC, _offset DESC");
        ORACLES.put(
                "k, total, low, high, mean FROM totals",
                "k, sum(v) AS total, min(v) AS low, max(v) AS high, avg(v) AS mean FROM s_log GROUP BY k");
        ORACLES.put("n, total FROM all_of_it", "count(*) AS n, sum(v) AS total FROM s_log");
        ORACLES.put(
                "k, varied, dev FROM spread",
                "k, round(var_samp(v)::numeric, 6) AS varied, round(stddev_pop(v)::numeric, 6) AS dev FROM s_log GROUP BY k");
        ORACLES.put("k, few FROM firsts", "k, (array_agg(v ORDER BY v))[1:3] AS few FROM s_log GROUP BY k");
        ORACLES.put(
                "k, begun, total, high FROM windows",
                "k, leat.tumble('10 minutes', at) AS begun, sum(v) AS total, max(v) AS high FROM s_log GROUP BY k, begun");
        ORACLES.put(
                "begun, total FROM hops",
                "begun, sum(v) AS total FROM s_log, leat.hop('20 minutes', '10 minutes', at) AS begun GROUP BY begun");
        ORACLES.put("k, total FROM pairs", "s.k, sum(s.v + r.v) AS total" + pairs + " GROUP BY s.k");
        ORACLES.put("id, twice FROM high", "id, v * 2 AS twice FROM s_log WHERE v > 1");
    }

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    /** How the wider contract comes. */
    private enum Coming {
        WHILE_IT_RUNS,
        AFTER_A_RESTART,
        BESIDE_AN_OLDER_INSTANCE
    }

    /** @param narrow values, and {@code wide} ones that only the wider type holds */
    private record Promotion(
            String name, ColumnType from, ColumnType to, boolean isNumber, List<Object> narrow, List<Object> wide) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Promotion number(String name, ColumnType from, ColumnType to, List<Object> narrow, Object... wide) {
        return new Promotion(name, from, to, true, narrow, Arrays.asList(wide));
    }

    private static Promotion other(String name, ColumnType from, ColumnType to, List<Object> narrow, Object... wide) {
        return new Promotion(name, from, to, false, narrow, Arrays.asList(wide));
    }

    private static ColumnType of(Kind kind) {
        return ColumnType.of(kind);
    }

    private static List<Promotion> promotions() {
        List<Object> whole = List.of(5L, -7L, 1_000_000_000L);
        List<Object> cents = List.of(new BigDecimal("1.25"), new BigDecimal("-2.50"), new BigDecimal("999.99"));
        return List.of(
                number("int to long", of(Kind.INT), of(Kind.LONG), whole, 5_000_000_000L, 5L, -6_000_000_001L),
                number("int to double", of(Kind.INT), of(Kind.DOUBLE), whole, 0.5, 5.0, -0.25),
                number("long to double", of(Kind.LONG), of(Kind.DOUBLE), whole, 0.5, 5.0, 1e10),
                number("float to double", of(Kind.FLOAT), of(Kind.DOUBLE), List.of(1.5, 0.25, -2.25), 0.125, 1.5, 1e50),
                number(
                        "a wider decimal",
                        ColumnType.decimal(5, 2),
                        ColumnType.decimal(9, 4),
                        cents,
                        new BigDecimal("12345.6789"),
                        new BigDecimal("1.2500"),
                        new BigDecimal("0.0001")),
                number(
                        "a decimal of any digits",
                        ColumnType.decimal(5, 2),
                        ColumnType.anyDecimal(),
                        cents,
                        new BigDecimal("1e-30"),
                        new BigDecimal("123456789012345678901234567890.5"),
                        new BigDecimal("1.25")),
                number("null", of(Kind.INT), of(Kind.INT), whole, null, 5L, null),
                other(
                        "elements of an array",
                        ColumnType.arrayOf(of(Kind.INT)),
                        ColumnType.arrayOf(of(Kind.LONG)),
                        List.of(List.of(1L, 2L), List.of(), List.of(3L)),
                        List.of(5_000_000_000L),
                        List.of(1L, 2L),
                        List.of(-6_000_000_001L)),
                other(
                        "values of a map",
                        ColumnType.mapOf(of(Kind.INT)),
                        ColumnType.mapOf(of(Kind.DOUBLE)),
                        List.of(Map.of("a", 1L), Map.of(), Map.of("b", 2L)),
                        Map.of("a", 0.5),
                        Map.of("a", 1.0),
                        Map.of()),
                other(
                        "branches of a union",
                        ColumnType.union(
                                List.of(new Member("int", of(Kind.INT)), new Member("string", of(Kind.STRING)))),
                        ColumnType.union(List.of(
                                new Member("int", of(Kind.INT)),
                                new Member("string", of(Kind.STRING)),
                                new Member("boolean", of(Kind.BOOLEAN)))),
                        List.of(new Branch("int", 1L), new Branch("string", "x"), new Branch("int", 2L)),
                        new Branch("boolean", true),
                        new Branch("int", 1L),
                        new Branch("string", "y")));
    }

    static Stream<Arguments> every_view_has_what_the_select_gives_over_all_events() {
        List<Arguments> all = new ArrayList<>();
        List<Promotion> promotions = promotions();
        for (int i = 0; i < promotions.size(); i++) {
            for (Coming coming : Coming.values()) {
                // By turns, unless all are asked for: each has some twenty views in a database of its own.
                if (coming.ordinal() == i % Coming.values().length
                        || "long".equals(System.getProperty("leat.promotions"))) {
                    all.add(Arguments.of(promotions.get(i), coming));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void every_view_has_what_the_select_gives_over_all_events(Promotion promotion, Coming coming) {
        // Given
        String yaml = STREAMS + (promotion.isNumber() ? NUMBERS.indent(2) : "");
        Pipeline pipeline = SqlFixture.read(yaml);
        SqlFixture old = new SqlFixture(database, pipeline, shapes(promotion.from(), true));
        events(old, promotion.narrow(), 0);

        // When
        SqlFixture now = old;
        Map<String, Shape> wider = shapes(promotion.to(), promotion.wide().getFirst() != null);
        switch (coming) {
            case WHILE_IT_RUNS -> old.promote(wider);
            case AFTER_A_RESTART -> {
                old.promote(wider);
                old.restart();
            }
            case BESIDE_AN_OLDER_INSTANCE -> now = old.another(yaml).promote(wider);
        }
        events(now, promotion.wide(), 20);
        if (now != old) {
            events(old, promotion.narrow(), 40);
            events(now, promotion.wide(), 60);
        }

        // Then
        assertThat(database.rows("SELECT view, message FROM leat.dead_letter")).isEmpty();
        ORACLES.forEach((view, oracle) -> {
            if (database.rows("SELECT to_regclass('views." + view.substring(view.lastIndexOf(' ') + 1) + "')::text")
                            .getFirst()
                            .getFirst()
                    != null) {
                assertThat(differences(view, oracle)).as(view).isEmpty();
            }
        });
        // Not by luck: what came is what is there.
        assertThat(database.rows("SELECT id FROM views.appended"))
                .hasSize(coming == Coming.BESIDE_AN_OLDER_INSTANCE ? 12 : 6);
    }

    private static Map<String, Shape> shapes(ColumnType v, boolean required) {
        Shape shape = new Shape(List.of(
                new Column("id", of(Kind.STRING), true, ""),
                new Column("k", of(Kind.STRING), true, ""),
                new Column("v", v, required, ""),
                new Column("at", of(Kind.TIMESTAMP), true, "")));
        return Map.of("s", shape, "r", shape);
    }

    /** One of each stream for each value, in two groups; ids come again in each round. */
    private static void events(SqlFixture views, List<Object> values, int minute) {
        for (int i = 0; i < values.size(); i++) {
            long at = (minute + i) * 60_000_000L;
            views.event("s", i % 2, "id" + i, i < 2 ? "a" : "b", values.get(i), at);
            views.event("r", 0, "id" + i, "-", values.get(i), at + 1);
        }
        views.flush();
    }

    /** As jsonb, of which 1.5 and 1.50 are equal. */
    private List<List<Object>> differences(String view, String oracle) {
        String seen = "SELECT to_jsonb(t) AS r FROM (SELECT " + view.replace(" FROM ", " FROM views.") + ") AS t";
        String wanted = "SELECT to_jsonb(t) AS r FROM (SELECT " + oracle.replaceAll("\\b(s_log|r_log)\\b", "views.$1")
                + ") AS t";
        return database.rows("SELECT 'has ' || r::text FROM (" + seen + " EXCEPT ALL " + wanted + ") AS _more UNION ALL"
                + " SELECT 'lacks ' || r::text FROM (" + wanted + " EXCEPT ALL " + seen + ") AS _less ORDER BY 1");
    }

    @Test
    void a_view_whose_select_does_not_fit_the_wider_type_rests_alone() {
        // Given
        String yaml = """
                streams:
                  s: {topic: t.s, key: id, event-time: at}
                views:
                  s_log: {log: s}
                  odd: {append: true, sql: 'SELECT id, v % 2 AS rest FROM s'}
                  total: {sql: 'SELECT sum(v) AS total FROM s'}
                """;
        SqlFixture views = new SqlFixture(
                database,
                SqlFixture.read(yaml),
                Map.of("s", shapes(of(Kind.INT), true).get("s")));
        views.event("s", 0, "a", "-", 5L, 0L).flush();

        // When
        views.promote(Map.of("s", shapes(of(Kind.DOUBLE), true).get("s")));
        views.event("s", 0, "b", "-", 0.5, 0L);

        // Then the view rests, as a lane lets it, and no value is rounded
        assertThatThrownBy(views::flush)
                .isInstanceOf(ViewFault.class)
                .hasMessage("view odd can't be applied to: ContractException: column v of stream s is double precision"
                        + " now, and the view is kept for integer: its SELECT or its state doesn't fit the new type");
        views.requests().pause("odd");
        views.flush();
        assertThat(database.rows("SELECT total FROM views.total")).containsExactly(List.of(5.5));
        assertThat(database.rows("SELECT id, rest FROM views.odd")).containsExactly(List.of("a", 1));
        assertThat(database.rows("SELECT * FROM leat.dead_letter")).isEmpty();
        // A restart stops nothing either.
        views.restart();
        views.event("s", 0, "c", "-", 1.0, 0L).flush();
        assertThat(database.rows("SELECT total FROM views.total")).containsExactly(List.of(6.5));
    }
}
