package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows over joins of two streams: what Postgres makes of all that wasn't late, and nothing that is final changes. */
class JoinedWindowsAtRandomTest {

    private static final int EVENTS = 300;

    /** A join, and the event time of which its windows are. */
    private record Join(String from, String time) {

        String tumbled(String aggregates) {
            return "SELECT tumble('5 minutes', " + time + ") AS since, r.zone, " + aggregates + " " + from
                    + " GROUP BY since, r.zone";
        }

        String hopped(String aggregates) {
            return "SELECT hop('10 minutes', '5 minutes', " + time + ") AS since, r.zone, " + aggregates + " " + from
                    + " WHERE r.zone > 0 GROUP BY since, r.zone";
        }

        /** In which order the streams stand. */
        String place() {
            String first = from.startsWith("FROM rides") ? "r" : "p";
            String second = first.equals("r") ? "p" : "r";
            return "greatest(r.at, p.paid_at) DESC, %1$s._partition DESC, %1$s._offset DESC, coalesce(%2$s._partition, -1) DESC, coalesce(%2$s._offset, -1) DESC"
                    .formatted(first, second);
        }
    }

    private static final String INNER =
            "FROM rides r JOIN payments p ON p.ride = r.id AND p.paid_at BETWEEN r.at AND r.at + interval '7 minutes'";
    private static final List<Join> JOINS = List.of(
            new Join(INNER, "r.at"),
            new Join(INNER, "paid_at"),
            new Join(
                    "FROM rides r LEFT JOIN payments p ON r.id = p.ride"
                            + " AND p.paid_at >= r.at - interval '5 minutes' AND r.at + interval '6 minutes' > p.paid_at",
                    "r._time"),
            new Join(
                    "FROM payments p LEFT JOIN rides r ON p.ride = r.id"
                            + " AND r.at - p.paid_at BETWEEN '-8 minutes' AND interval '1 minute' * -1",
                    "p.paid_at"));
    private static final String AGGREGATES =
            "count(*) AS rows, count(DISTINCT p.amount) AS amounts, sum(p.amount) AS amount, count(r.id) AS rides, ";
    private static final String LAST = "last(p.id) AS last";

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    private static String yaml() {
        StringBuilder yaml = new StringBuilder("""
                streams:
                  rides: {topic: t.rides, key: id, event-time: at, lateness: 3m}
                  payments: {topic: t.payments, key: id, event-time: paid_at, lateness: 2m}
                views:
                  rides_log: {log: rides}
                  payments_log: {log: payments}
                """);
        for (int i = 0; i < JOINS.size(); i++) {
            yaml.append("  tumbled_%1$d: {to-topic: {topic: t.tumbled_%1$d, emit: final}, sql: \"%2$s\"}\n"
                    .formatted(i, JOINS.get(i).tumbled(AGGREGATES + LAST)));
            yaml.append("  hopped_%d: {grace: 1m, sql: \"%s\"}\n"
                    .formatted(i, JOINS.get(i).hopped(AGGREGATES + LAST)));
        }
        return yaml.toString();
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void windows_over_a_join_are_what_postgres_makes_of_all_that_is_not_late(long seed) {
        // Given
        Random random = new Random(seed);
        SqlFixture views = new SqlFixture(
                database,
                yaml(),
                Map.of(
                        "rides", "id:STRING! zone:INT at:TIMESTAMP!",
                        "payments", "id:STRING! ride:STRING amount:LONG paid_at:TIMESTAMP!"));
        views.clock(1000);
        Map<String, String> finished = new HashMap<>();

        // When
        for (int i = 0; i < EVENTS; i++) {
            double minute = i / 6.0 + random.nextGaussian() * 3;
            String ride = "r" + (Math.max(0, i / 6 + random.nextInt(-6, 2)));
            if (random.nextBoolean()) {
                views.event("rides", random.nextInt(2), ride, random.nextInt(3), micros(minute));
            } else {
                views.event("payments", random.nextInt(3), "p" + i, ride, random.nextLong(4), micros(minute));
            }
            if (random.nextInt(9) == 0) {
                views.flush();
            }
            if (random.nextInt(20) == 0) {
                views.flush();
                views.closeViews();
                finished.putAll(finalRows(views));
            }
            if (random.nextInt(50) == 0) {
                views.flush();
                views.restart();
            }
        }
        views.flush();
        views.clock(2000).complete().closeViews();

        // Then
        for (int i = 0; i < JOINS.size(); i++) {
            Join join = JOINS.get(i);
            same(views, "tumbled_" + i, join.tumbled(oracle(join)), seed);
            same(views, "hopped_" + i, join.hopped(oracle(join)), seed);
            assertThat(views.rows("SELECT 1 FROM views_state.\"tumbled_" + i + "#2\" UNION ALL SELECT 1 FROM"
                            + " views_state.\"hopped_" + i + "#2\""))
                    .isEmpty();
            assertThat(views.rows(
                            "SELECT count(*), count(DISTINCT key) FROM leat.outbox WHERE view = 'tumbled_" + i + "'"))
                    .as("each final window goes to the topic once")
                    .isEqualTo(views.rows("SELECT count(*), count(*) FROM views.tumbled_" + i));
        }
        assertThat(finished).hasSizeGreaterThan(50);
        assertThat(finalRows(views)).as("what was final once").containsAllEntriesOf(finished);
        assertThat(views.rows("SELECT DISTINCT view, stream FROM leat.late_event"))
                .hasSizeGreaterThan(5);
    }

    private static String oracle(Join join) {
        return AGGREGATES + "(array_agg(p.id ORDER BY " + join.place()
                + ") FILTER (WHERE p.id IS NOT NULL))[1] AS last";
    }

    private static Map<String, String> finalRows(SqlFixture views) {
        Map<String, String> rows = new HashMap<>();
        for (int i = 0; i < JOINS.size(); i++) {
            for (String view : List.of("tumbled_" + i, "hopped_" + i)) {
                for (List<Object> row : views.rows("SELECT since, zone, * FROM views." + view + " WHERE final")) {
                    rows.put(view + row.subList(0, 2), row.toString());
                }
            }
        }
        return rows;
    }

    private static void same(SqlFixture views, String view, String oracle, long seed) {
        String select = oracle.replace("tumble(", "leat.tumble(")
                .replace("hop(", "leat.hop(")
                .replace("rides r ", onTime(view, "rides") + " r ")
                .replace("payments p ", onTime(view, "payments") + " p ");
        assertThat(strings(views.rows("SELECT since, zone, rows, amounts, amount, rides, last FROM views." + view)))
                .as("%s, seed %s", view, seed)
                .hasSizeGreaterThan(10)
                .isEqualTo(strings(views.rows(select)));
    }

    private static List<String> strings(List<List<Object>> rows) {
        List<String> strings = new ArrayList<>(rows.stream().map(List::toString).toList());
        Collections.sort(strings);
        return strings;
    }

    private static String onTime(String view, String stream) {
        return "(SELECT *, " + (stream.equals("rides") ? "at" : "paid_at") + " AS _time FROM views." + stream
                + "_log l WHERE NOT EXISTS (SELECT 1 FROM leat.late_event e WHERE e.view = '" + view
                + "' AND e.stream = '" + stream + "' AND e.partition = l._partition AND e.\"offset\" = l._offset))";
    }

    private static long micros(double minute) {
        return 1_772_323_200_000_000L + Math.round(minute * 60_000_000);
    }
}
