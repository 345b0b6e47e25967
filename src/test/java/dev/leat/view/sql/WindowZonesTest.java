package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.ZoneChanges;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Windows of days around the changes of clocks in all time zones, by what Postgres's clocks show. {@code -Dleat.zones=all}
 * looks around every change; else around those near midnight, and some others.
 */
class WindowZonesTest {

    private static final boolean ALL = "all".equals(System.getProperty("leat.zones"));

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    private static boolean isNearMidnight(ZoneOffsetTransition change) {
        return !change.getDateTimeBefore()
                .minusSeconds(1)
                .toLocalDate()
                .equals(change.getDateTimeAfter().plusSeconds(1).toLocalDate());
    }

    @Test
    void a_day_has_all_times_of_its_date_and_ends_when_clocks_never_show_it_again() {
        // Given
        SqlFixture views = fixture("{log: rides}");
        Random random = new Random(1);
        List<String> around = new ArrayList<>();
        ZoneChanges.ofAll().forEach((zone, changes) -> changes.stream()
                .filter(change -> ALL || isNearMidnight(change) || random.nextInt(150) == 0)
                .forEach(change -> around.add("('" + zone + "', '" + change.getInstant() + "'::timestamptz)")));
        views.rows(
                "CREATE TABLE around AS SELECT a.zone, a.change + b.by AS at FROM (VALUES "
                        + String.join(", ", around)
                        + ") AS a(zone, change) JOIN pg_timezone_names n ON n.name = a.zone, (VALUES"
                        + " (interval '-1 microsecond'), ('0'), ('30 seconds'), ('59 minutes'), ('3 hours'), ('-20 hours')) AS b(by)");

        // When
        WindowAlignment day = new WindowAlignment.Calendar(0, 1, "ZONE");
        String start = day.floor("at").replace("'ZONE'", "zone");
        String end = day.end("start", "1").replace("'ZONE'", "zone");
        List<List<Object>> wrong = views.rows("""
                SELECT zone, at, start, "end" FROM (SELECT *, %s AS "end" FROM (SELECT *, %s AS start FROM around) AS s) AS w
                WHERE start > at OR "end" <= at
                    OR ((start - interval '1 microsecond') AT TIME ZONE zone)::date >= (at AT TIME ZONE zone)::date
                    OR (("end" - interval '1 microsecond') AT TIME ZONE zone)::date > (at AT TIME ZONE zone)::date
                    OR start <> leat.tumble('1 day', at, zone)
                    OR EXISTS (
                        SELECT FROM unnest(array[interval '0', '1 minute', '59 minutes', '2 hours', '23 hours']) AS later(by)
                        WHERE (("end" + by) AT TIME ZONE zone)::date <= (at AT TIME ZONE zone)::date)
                ORDER BY zone, at LIMIT 10
                """.formatted(end, start));

        // Then
        assertThat(around).hasSizeGreaterThan(500);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/St_Johns", "CET", "America/Havana", "Asia/Beirut", "Pacific/Apia"})
    void events_in_order_are_never_late_and_days_count_what_postgres_counts(String zone) {
        // Given
        SqlFixture views = fixture("{sql: \"SELECT tumble('1 day', at, '" + zone
                + "') AS day, count(*) AS rides FROM rides GROUP BY day\"}");
        ZoneRules rules =
                ZoneId.of(zone.equals("CET") ? "Europe/Brussels" : zone).getRules();
        Instant change = Instant.parse("2010-06-01T00:00:00Z");
        int events = 0;

        // When
        for (int i = 0; i < 4; i++) {
            ZoneOffsetTransition next = rules.nextTransition(change);
            if (next == null) {
                break;
            }
            change = next.getInstant();
            for (int minute = -36 * 60; minute <= 36 * 60; minute += 20) {
                long micros = change.plusSeconds(60L * minute).getEpochSecond() * 1_000_000;
                views.event("rides", 0, "r" + events++, micros);
                if (minute % 180 == 0) {
                    views.flush();
                    views.closeViews();
                }
            }
        }
        views.flush();
        views.closeViews();

        // Then
        assertThat(events).isPositive();
        assertThat(views.rows("SELECT * FROM leat.late_event")).isEmpty();
        assertThat(views.rows("SELECT day, rides FROM views.v ORDER BY day"))
                .isEqualTo(views.rows("SELECT min(leat.tumble('1 day', at, '" + zone + "')), count(*)"
                        + " FROM views.rides_log GROUP BY (at AT TIME ZONE '" + zone + "')::date ORDER BY 1"));
        assertThat(views.rows("SELECT count(*) FROM views.v WHERE NOT final")
                        .getFirst()
                        .getFirst())
                .isEqualTo(1L);
    }

    private SqlFixture fixture(String view) {
        String yaml = """
                streams:
                  rides: {topic: t.rides, key: id, event-time: at}
                views:
                  rides_log: {log: rides}
                  v: %s
                """.formatted(view);
        return new SqlFixture(database, yaml, Map.of("rides", "id:STRING! at:TIMESTAMP!"));
    }
}
