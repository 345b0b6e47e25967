package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in which order, in which batches and between which closings: Postgres says the same of the whole log. */
class JoinedAtRandomTest {

    private static final int EVENTS = 240;
    private static final String[] JOINS = {
        "FROM rides r JOIN payments p ON p.ride = r.id AND p.paid_at BETWEEN r.at AND r.at + interval '10 minutes'",
        "FROM rides r LEFT JOIN payments p ON r.id = p.ride"
                + " AND p.paid_at >= r.at - interval '5 minutes' AND r.at + interval '6 minutes' > p.paid_at",
        "FROM payments p LEFT JOIN rides r ON p.ride = r.id AND p.amount > 2"
                + " AND r.at - p.paid_at BETWEEN '-3 minutes' AND interval '1 minute' * -1",
    };
    private static final String ALL = "SELECT r.id AS ride, p.id AS payment, p.amount, r.zone ";
    private static final String GROUPED =
            "SELECT r.zone, count(*) AS rows, count(p.id) AS paid, sum(p.amount) AS amount, max(r.at) AS last ";
    private static final String EVEN = "SELECT r.zone, count(*) AS rows ";
    private static final String IS_EVEN = "count(p.id) % 2 = 0";
    private static final String EMITTED = """
            SELECT k->>'ride', k->>'payment', k->>'amount', k->>'zone'
            FROM (SELECT convert_from(key, 'UTF8')::jsonb AS k FROM leat.outbox WHERE view = 'emitted_%d') AS e
            """;
    private static final String LAST_EMITTED = """
            SELECT DISTINCT ON (key) nullif(convert_from(key, 'UTF8'), ''), value IS NOT NULL
            FROM leat.outbox WHERE view = 'even_%d' ORDER BY key, id DESC
            """;
    private static final String NEWEST = "SELECT r.zone, r.id AS ride, p.id AS payment ";

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
                  rides: {topic: t.rides, key: id, event-time: at, lateness: 5m}
                  payments: {topic: t.payments, key: id, event-time: paid_at, lateness: 3m}
                views:
                  rides_log: {log: rides}
                  payments_log: {log: payments}
                """);
        for (int i = 0; i < JOINS.length; i++) {
            yaml.append("  all_%d: {append: true, grace: %dm, sql: \"%s\"}\n".formatted(i, i, ALL + JOINS[i]));
            yaml.append("  grouped_%d: {sql: \"%s\"}\n".formatted(i, GROUPED + JOINS[i] + " GROUP BY r.zone"));
            yaml.append(
                    "  emitted_%1$d: {to-topic: t.emitted_%1$d, key: [ride, payment, amount, zone], sql: \"%2$s\"}\n"
                            .formatted(i, ALL + JOINS[i]));
            yaml.append("  even_%1$d: {to-topic: t.even_%1$d, sql: \"%2$s\"}\n"
                    .formatted(i, EVEN + JOINS[i] + " GROUP BY r.zone HAVING " + IS_EVEN));
            yaml.append("  newest_%d: {key: zone, sql: \"%s\"}\n".formatted(i, NEWEST + JOINS[i]));
        }
        return yaml.toString();
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void every_join_equals_the_same_select_over_the_log(long seed) {
        // Given
        Random random = new Random(seed);
        SqlFixture views = new SqlFixture(
                database,
                yaml(),
                Map.of(
                        "rides", "id:STRING! zone:INT at:TIMESTAMP!",
                        "payments", "id:STRING! ride:STRING amount:LONG paid_at:TIMESTAMP!"));
        views.clock(1000);

        // When
        for (int i = 0; i < EVENTS; i++) {
            double minute = i / 6.0 + random.nextGaussian() * 3;
            String ride = "r" + (Math.max(0, i / 6 + random.nextInt(-6, 2)));
            if (random.nextInt(20) == 0) {
                views.delete("payments", random.nextInt(3), "p" + i, null, null, null);
            } else if (random.nextBoolean()) {
                views.event("rides", random.nextInt(2), ride, random.nextInt(4), micros(minute));
            } else {
                String of = random.nextInt(15) == 0 ? null : ride;
                views.event("payments", random.nextInt(3), "p" + i, of, random.nextLong(6), micros(minute));
            }
            if (random.nextInt(9) == 0) {
                views.flush();
            }
            if (random.nextInt(25) == 0) {
                views.flush();
                views.closeViews();
            }
            if (random.nextInt(40) == 0) {
                views.flush();
                views.restart();
            }
        }
        views.flush();
        views.clock(2000).complete().closeViews();

        // Then
        for (int i = 0; i < JOINS.length; i++) {
            same(views, "all_" + i, ALL + onLogs("all_" + i, JOINS[i]), "all_" + i + " seed " + seed);
            String grouped = "grouped_" + i;
            same(views, grouped, GROUPED + onLogs(grouped, JOINS[i]) + " GROUP BY r.zone", grouped + " seed " + seed);
            String newest = "newest_" + i;
            String first = JOINS[i].startsWith("FROM rides") ? "r" : "p";
            String second = first.equals("r") ? "p" : "r";
            same(
                    views,
                    newest,
                    "SELECT DISTINCT ON (r.zone)" + NEWEST.substring("SELECT".length()) + onLogs(newest, JOINS[i])
                            + " ORDER BY r.zone, greatest(r.at, p.paid_at) DESC, %1$s._partition DESC, %1$s._offset DESC,"
                                    .formatted(first)
                            + " coalesce(%1$s._partition, -1) DESC, coalesce(%1$s._offset, -1) DESC".formatted(second),
                    newest + " seed " + seed);
            String emitted = "emitted_" + i;
            assertThat(strings(views.rows(EMITTED.formatted(i))))
                    .as(emitted + " seed " + seed)
                    .isNotEmpty()
                    .isEqualTo(strings(views.rows(
                            "SELECT r.id, p.id, p.amount::text, r.zone::text " + onLogs(emitted, JOINS[i]))));
            String even = "even_" + i;
            assertThat(strings(views.rows(LAST_EMITTED.formatted(i))))
                    .as(even + " seed " + seed)
                    .isEqualTo(strings(views.rows(
                            "SELECT r.zone::text, " + IS_EVEN + onLogs(even, " " + JOINS[i]) + " GROUP BY r.zone")));
            for (String view : List.of("all_" + i, grouped, newest, emitted, even)) {
                assertThat(views.rows("SELECT * FROM views_state." + view + "__rides"))
                        .isEmpty();
                assertThat(views.rows("SELECT * FROM views_state." + view + "__payments"))
                        .isEmpty();
            }
        }
        assertThat(views.rows("SELECT source_topic, count(*) > 0 FROM leat.outbox WHERE view = 'emitted_1' GROUP BY 1"
                        + " ORDER BY 1"))
                .containsExactly(List.of("t.payments", true), List.of("t.rides", true));
        assertThat(views.rows("SELECT 1 FROM leat.outbox WHERE view LIKE 'emitted%'"
                        + " GROUP BY view, source_topic, source_partition, source_offset, row HAVING count(*) > 1"))
                .isEmpty();
        assertThat(views.rows("SELECT DISTINCT view, stream FROM leat.late_event"))
                .hasSizeGreaterThan(5);
    }

    private static void same(SqlFixture views, String view, String oracle, String what) {
        List<String> columns = new ArrayList<>();
        views.rows(
                        "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'views' AND table_name = '"
                                + view + "' AND column_name NOT LIKE '\\_%' ORDER BY ordinal_position")
                .forEach(row -> columns.add((String) row.getFirst()));
        List<String> kept = strings(views.rows("SELECT " + String.join(", ", columns) + " FROM views." + view));
        assertThat(kept).as(what).isNotEmpty().isEqualTo(strings(views.rows(oracle)));
    }

    private static List<String> strings(List<List<Object>> rows) {
        List<String> strings = new ArrayList<>(rows.stream().map(List::toString).toList());
        Collections.sort(strings);
        return strings;
    }

    /** The logs without deletes and without what came too late for the view. */
    private static String onLogs(String view, String join) {
        return join.replace("rides r", onTime(view, "rides", "at") + " r")
                .replace("payments p", onTime(view, "payments", "paid_at") + " p");
    }

    private static String onTime(String view, String stream, String time) {
        return "(SELECT * FROM views." + stream + "_log l WHERE " + time + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
                + " leat.late_event e WHERE e.view = '" + view + "' AND e.stream = '" + stream
                + "' AND e.partition = l._partition AND e.\"offset\" = l._offset))";
    }

    private static long micros(double minute) {
        return 1_772_323_200_000_000L + Math.round(minute * 60_000_000);
    }
}
