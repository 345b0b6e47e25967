package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What windows keep besides numbers: whatever comes in which order, in which batches and between which closings, Postgres
 * says the same of all that wasn't late, and nothing that is final changes.
 */
class WindowsAtRandomTest {

    private static final int EVENTS = 400;
    private static final String PLACE = "at DESC, _partition DESC, _offset DESC";
    private static final String AGGREGATES = """
            count(*) AS rides, count(DISTINCT total) AS totals, count(DISTINCT name) FILTER (WHERE total > 3) AS names,
            (array_agg(total ORDER BY total))[1:2] AS least, %s AS newest, round(var_pop(total), 6) AS spread
            """;
    private static final String ASKED = AGGREGATES.formatted("last(name)");
    private static final String ORACLE =
            AGGREGATES.formatted("(array_agg(name ORDER BY " + PLACE + ") FILTER (WHERE name IS NOT NULL))[1]");
    private static final String VIEWS = """
            streams:
              rides: {topic: t.rides, event-time: at, lateness: 2m}
            views:
              rides_log: {log: rides}
              tens: {grace: 1m, sql: "SELECT tumble('10 minutes', at) AS since, vendor, %1$s FROM rides GROUP BY since, vendor"}
              hops: {sql: "SELECT vendor, hop('15 minutes', '5 minutes', at) AS since, %1$s FROM rides GROUP BY vendor, since"}
              months: {sql: "SELECT tumble('1 month', at, 'Europe/Amsterdam') AS since, vendor, %1$s FROM rides GROUP BY since, vendor"}
              sessions: {grace: 1h, sql: "SELECT vendor, session('90 seconds', at) AS since, %1$s FROM rides GROUP BY vendor, since"}
            """.formatted(ASKED.replace("\n", " "));
    private static final Map<String, String> SIZES = Map.of("tens", "'10 minutes'", "hops", "'15 minutes'");
    private static final String ON_TIME = """
            SELECT vendor, since, %s
            FROM views.rides_log r, LATERAL %s AS since
            WHERE NOT EXISTS (SELECT 1 FROM leat.late_event e
                WHERE e.view = '%s' AND e.partition = r._partition AND e."offset" = r._offset AND e.window_end = since + %s)
            GROUP BY vendor, since
            """;
    private static final String SESSIONS = """
            WITH begun AS (
                SELECT *, at >= lag(at) OVER (PARTITION BY vendor ORDER BY at) + interval '90 seconds' IS NOT FALSE AS begins
                FROM views.rides_log),
            counted AS (SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY vendor ORDER BY at) AS n FROM begun)
            SELECT vendor, min(at) AS since, %s FROM counted GROUP BY vendor, n
            """.formatted(ORACLE);

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void windows_are_what_postgres_makes_of_all_that_is_not_late(long seed) {
        // Given
        Random random = new Random(seed);
        SqlFixture views =
                new SqlFixture(database, VIEWS, Map.of("rides", "vendor:LONG total:INT name:STRING at:TIMESTAMP!"));
        views.clock(100_000);
        Map<String, String> finished = new HashMap<>();

        // When
        for (int i = 0; i < EVENTS; i++) {
            double minute = i / 6.0 + random.nextGaussian() * 3;
            views.event(
                    "rides",
                    random.nextInt(2),
                    random.nextInt(6) == 0 ? null : (long) random.nextInt(2),
                    random.nextInt(8) == 0 ? null : (long) random.nextInt(7),
                    random.nextInt(8) == 0 ? null : "n" + random.nextInt(5),
                    micros(minute));
            if (random.nextInt(9) == 0) {
                views.flush();
            }
            if (random.nextInt(25) == 0) {
                views.flush();
                views.closeViews();
                finished.putAll(finalRows(views));
            }
            if (random.nextInt(80) == 0) {
                views.flush();
                views.restart();
            }
        }
        views.flush();

        // Then
        assertThat(views.rows("SELECT DISTINCT view FROM leat.late_event ORDER BY view"))
                .containsExactly(List.of("hops"), List.of("tens"));
        String columns = "vendor, since, rides, totals, names, least, newest, spread";
        Map<String, String> calls =
                Map.of("tens", "leat.tumble('10 minutes', at)", "hops", "leat.hop('15 minutes', '5 minutes', at)");
        calls.forEach((view, call) -> assertThat(strings(views, "SELECT " + columns + " FROM views." + view))
                .as("%s, seed %s", view, seed)
                .isEqualTo(strings(views, ON_TIME.formatted(ORACLE, call, view, "interval " + SIZES.get(view)))));
        assertThat(strings(views, "SELECT " + columns + " FROM views.sessions"))
                .as("sessions, seed %s", seed)
                .hasSizeGreaterThan(20)
                .isEqualTo(strings(views, SESSIONS));
        assertThat(finished).hasSizeGreaterThan(20);
        assertThat(finalRows(views)).as("what was final once").containsAllEntriesOf(finished);

        // When
        int rows = strings(views, "SELECT 1 FROM views.tens").size();
        views.event("rides", 0, 1L, 5L, "end", micros(50_000)).event("rides", 1, 1L, 5L, "end", micros(50_000));
        views.flush();
        views.closeViews();

        // Then
        assertThat(finalRows(views)).containsAllEntriesOf(finished).hasSizeGreaterThan(rows);
        for (String companion : List.of("tens#2", "tens#3", "hops#2", "hops#3", "months#2")) {
            assertThat(views.rows("SELECT DISTINCT since > '2026-03-30' FROM views_state.\"" + companion + "\""))
                    .as(companion)
                    .containsExactly(List.of(true));
        }
        assertThat(views.rows("SELECT DISTINCT since > '2026-03-30', _s3 IS NULL FROM views_state.sessions ORDER BY 1"))
                .containsExactly(List.of(false, true), List.of(true, false));
    }

    private static Map<String, String> finalRows(SqlFixture views) {
        Map<String, String> rows = new HashMap<>();
        for (String view : List.of("tens", "hops", "sessions")) {
            for (List<Object> row : views.rows("SELECT vendor, since, * FROM views." + view + " WHERE final")) {
                rows.put(view + row.subList(0, 2), strings(List.of(row)).getFirst());
            }
        }
        return rows;
    }

    private static List<String> strings(SqlFixture views, String sql) {
        return strings(views.rows(sql));
    }

    private static List<String> strings(List<List<Object>> rows) {
        List<String> strings = new ArrayList<>();
        rows.forEach(row -> strings.add(row.stream()
                .map(value ->
                        value instanceof Object[] array ? Arrays.asList(array).toString() : String.valueOf(value))
                .toList()
                .toString()));
        Collections.sort(strings);
        return strings;
    }

    private static long micros(double minute) {
        return 1_772_323_200_000_000L + Math.round(minute * 60_000_000);
    }
}
