package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.View;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch that is grouped in the process comes to what Postgres makes of it. */
class LocalAggregationTest {

    private static final String SHAPE =
            "id:STRING! v:INT s:STRING u:UUID b:BOOLEAN i:INT l:LONG d:DOUBLE at:TIMESTAMP!";
    private static final String ITEMS =
            "count(*) AS n, count(u) AS us, count(i) AS ni, sum(i) AS si, sum(r.l) AS sl, sum(d) AS sd, min(i) AS mi,"
                    + " max(i) AS ma, min(l) AS ml, max(l) AS xl, min(d) AS md, max(d) AS xd, avg(i) AS ai, avg(l) AS al,"
                    + " avg(d) AS ad, sum(d) / count(*) AS per";

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    /** A condition that holds for all rows leaves it all to Postgres. */
    private SqlFixture views() {
        return new SqlFixture(database, """
                streams:
                  rides: {topic: t.rides, event-time: at}
                views:
                  aggregated: {sql: 'SELECT v, s, r.u, b, %1$s FROM rides r GROUP BY v, s, r.u, b HAVING count(*) > 0'}
                  asked: {sql: 'SELECT v, s, r.u, b, %1$s FROM rides r WHERE true GROUP BY v, s, r.u, b'}
                  one_reduced: {sql: 'SELECT %1$s FROM rides r'}
                  one_asked: {sql: 'SELECT %1$s FROM rides r WHERE true'}
                """.formatted(ITEMS), Map.of("rides", SHAPE));
    }

    private static void assertSame(SqlFixture views) {
        String order = " AS x ORDER BY v, s, u, b";
        assertThat(views.rows("SELECT x::text FROM views.aggregated" + order))
                .isEqualTo(views.rows("SELECT x::text FROM views.asked" + order));
        assertThat(views.rows("SELECT x::text FROM views.one_reduced AS x"))
                .isEqualTo(views.rows("SELECT x::text FROM views.one_asked AS x"));
    }

    private static Object[] event(Random random, int number) {
        Object[] values = {
            "e" + number,
            (long) random.nextInt(3),
            "Zoë " + random.nextInt(3),
            new UUID(0, random.nextInt(2)),
            random.nextBoolean(),
            (long) random.nextInt(),
            random.nextInt(8) == 0 ? Long.MAX_VALUE - random.nextInt(9) : random.nextLong(),
            random.nextInt(50) == 0 ? Double.NaN : (double) random.nextInt(1000) / 4,
            (long) random.nextInt(50)
        };
        for (int i = 1; i < values.length - 1; i++) {
            values[i] = random.nextInt(5) == 0 ? null : values[i];
        }
        return values;
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_reduced_batch_is_what_postgres_makes_of_it(long seed) {
        // Given
        Random random = new Random(seed);
        SqlFixture views = views();

        // When
        for (int i = 0; i < 2000; i++) {
            views.event("rides", random.nextInt(2), event(random, i));
            if (random.nextInt(200) == 0) {
                views.flush();
            }
        }
        views.flush();

        // Then
        assertThat(views.rows("SELECT * FROM views.aggregated")).hasSizeGreaterThan(80);
        assertSame(views);
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void a_batch_reduced_by_window_is_what_postgres_makes_of_it_and_so_is_what_came_late(long seed) {
        // Given
        Random random = new Random(seed);
        String select = "SELECT v, tumble(''10 minutes'', at) AS since, " + ITEMS + " FROM rides r";
        SqlFixture views = new SqlFixture(database, """
                streams:
                  rides: {topic: t.rides, event-time: at, lateness: 2m}
                views:
                  aggregated: {sql: '%1$s GROUP BY v, since'}
                  asked: {sql: '%1$s WHERE true GROUP BY v, since'}
                """.formatted(select), Map.of("rides", SHAPE));
        views.clock(100_000);

        // When
        for (int i = 0; i < 600; i++) {
            Object[] event = event(random, i);
            event[event.length - 1] =
                    1_772_323_200_000_000L + Math.round((i / 6.0 + random.nextGaussian() * 3) * 60_000_000);
            views.event("rides", random.nextInt(2), event);
            if (random.nextInt(20) == 0) {
                views.flush();
                views.closeViews();
            }
        }
        views.flush();

        // Then
        String late =
                "SELECT partition, \"offset\", event_time, window_end FROM leat.late_event WHERE view = '%s' ORDER BY 1, 2";
        assertThat(views.rows(late.formatted("aggregated")))
                .hasSizeGreaterThan(10)
                .isEqualTo(views.rows(late.formatted("asked")));
        String rows = "SELECT x::text FROM views.%s AS x ORDER BY v, since";
        assertThat(views.rows(rows.formatted("aggregated")))
                .hasSizeGreaterThan(20)
                .isEqualTo(views.rows(rows.formatted("asked")));
        assertThat(statement(views, "aggregated")).contains("AS _groups(");
        assertThat(statement(views, "asked")).doesNotContain("AS _groups(");
    }

    private static String statement(SqlFixture views, String view) {
        return String.join("\n", views.explain(view).statements());
    }

    @Test
    void a_time_that_is_out_of_reach_is_left_to_postgres() {
        // Given
        SqlFixture views = new SqlFixture(database, """
                streams:
                  rides: {topic: t.rides, event-time: at}
                views:
                  counts: {sql: 'SELECT tumble(''1 minute'', at) AS since, count(*) AS n FROM rides GROUP BY since'}
                """, Map.of("rides", SHAPE));

        // When
        long far = java.time.Instant.parse("+12000-01-01T00:00:30Z").getEpochSecond() * 1_000_000;
        views.event("rides", 0, "a", 1, "s", null, true, 1, 1L, 1.0, far).flush();

        // Then
        assertThat(views.rows("SELECT since = timestamptz '12000-01-01 00:00:00+00', n FROM views.counts"))
                .containsExactly(List.of(true, 1L));
    }

    @Test
    void a_sum_that_fits_no_long_is_left_to_postgres() {
        // Given
        SqlFixture views = views();

        // When
        views.event("rides", 0, "a", 1, "s", null, true, 1, Long.MAX_VALUE, 1.0, 1L)
                .event("rides", 0, "b", 1, "s", null, true, 1, Long.MAX_VALUE, Double.POSITIVE_INFINITY, 1L)
                .flush();

        // Then
        assertThat(views.rows("SELECT sl::text, sd FROM views.aggregated"))
                .containsExactly(List.of("18446744073709551614", Double.POSITIVE_INFINITY));
        assertSame(views);
    }

    @Test
    void only_what_needs_nothing_of_postgres_is_reduced() {
        SqlFixture views = views();
        Map<String, Boolean> aggregated = new LinkedHashMap<>();
        for (String sql : List.of(
                "SELECT v, count(*) AS n, avg(l) AS a FROM rides GROUP BY v",
                "SELECT \"r\".\"v\" AS vendor, sum(r.d) AS n FROM rides r GROUP BY 1",
                "SELECT v, max(s) AS n FROM rides GROUP BY v",
                "SELECT v, count(*) FILTER (WHERE b) AS n FROM rides GROUP BY v",
                "SELECT v + 1 AS w, count(*) AS n FROM rides GROUP BY 1",
                "SELECT d, count(*) AS n FROM rides GROUP BY d",
                "SELECT v, count(DISTINCT s) AS n FROM rides GROUP BY v",
                "SELECT v, sum(i + 1) AS n FROM rides GROUP BY v",
                "SELECT v, count(*) AS n FROM rides WHERE b GROUP BY v")) {
            SqlFixture other = new SqlFixture(
                    database,
                    "streams: {rides: {topic: t.rides, event-time: at}}\nviews: {v: {sql: '" + sql + "'}}",
                    Map.of());
            aggregated.put(sql, isReduced((View.Sql) other.pipeline().views().get("v")));
        }
        assertThat(aggregated.values()).containsExactly(true, true, false, false, false, false, false, false, false);
    }

    private boolean isReduced(View.Sql view) {
        return database.inTransaction(tx -> {
            Map<String, Relation> relations = Map.of("rides", Relation.ofStream("rides", ValueRows.shape(SHAPE)));
            try (DryRun dryRun = new DryRun(tx, "views", relations.values())) {
                SelectText text = SelectText.parse(view.sql());
                FromClause fromClause = new FromClause(text, relations);
                var types = dryRun.resolve(view.sql());
                ValidatedSelect validated = new ValidatedSelect(
                        view, text, fromClause, fromClause.qualified("views", relations), types, dryRun);
                Groups groups = GroupsCompiler.compile(validated).orElseThrow();
                SqlStateTable state = new SqlStateTable("t", new LinkedHashMap<>(), groups.stateKey());
                return LocalAggregation.of(validated, fromClause.streams().getFirst(), groups, state)
                        .isPresent();
            }
        });
    }
}
