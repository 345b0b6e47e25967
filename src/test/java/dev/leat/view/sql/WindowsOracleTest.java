package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random events in a random order, cut into batches of two lanes at random, against windows that walk through the calendar. */
class WindowsOracleTest {

    private static final ZoneId AMSTERDAM = ZoneId.of("Europe/Amsterdam");
    private static final ZoneId HAVANA = ZoneId.of("America/Havana");
    private static final Duration LATENESS = Duration.ofHours(2);
    private static final Duration GAP = Duration.ofMinutes(40);

    // Days on which clocks in both zones, or in one, go back or forward; in Havana, at midnight.
    private static final List<LocalDate> DAYS = List.of(
            LocalDate.of(2025, 3, 8), LocalDate.of(2025, 3, 29), LocalDate.of(2025, 10, 25), LocalDate.of(2025, 11, 1));

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at, lateness: 2h}
            views:
              rides_log: {log: rides}
            """;

    /** A view by its windows: where the one that begins there ends, and the next one begins that it hops to. */
    private record Windows(
            String name, String call, Instant first, UnaryOperator<Instant> end, UnaryOperator<Instant> next) {

        static Windows tumbling(String name, String call, Instant first, UnaryOperator<Instant> next) {
            return new Windows(name, call, first, next, next);
        }

        List<Instant[]> around(Instant time) {
            List<Instant[]> windows = new ArrayList<>();
            for (Instant start = first; !start.isAfter(time); start = next.apply(start)) {
                if (end.apply(start).isAfter(time)) {
                    windows.add(new Instant[] {start, end.apply(start)});
                }
            }
            return windows;
        }
    }

    private static UnaryOperator<Instant> plus(Duration length) {
        return start -> start.plus(length);
    }

    private static UnaryOperator<Instant> days(int days, ZoneId zone) {
        return start -> LocalDate.ofInstant(start, zone)
                .plusDays(days)
                .atStartOfDay(zone)
                .toInstant();
    }

    private static UnaryOperator<Instant> months(int months, ZoneId zone) {
        return start -> LocalDate.ofInstant(start, zone)
                .plusMonths(months)
                .atStartOfDay(zone)
                .toInstant();
    }

    /** Hours from each midnight on; the last ones of a day may be fewer. */
    private static UnaryOperator<Instant> hours(int hours, ZoneId zone) {
        return start -> {
            Instant end = start.plus(Duration.ofHours(hours));
            Instant midnight = days(1, zone).apply(start);
            return end.isBefore(midnight) ? end : midnight;
        };
    }

    private static Instant midnight(int year, int month, int day, ZoneId zone) {
        return LocalDate.of(year, month, day).atStartOfDay(zone).toInstant();
    }

    private static List<Windows> windows() {
        ZoneId utc = ZoneId.of("UTC");
        Instant newYear = midnight(2025, 1, 1, utc);
        return List.of(
                Windows.tumbling(
                        "tens", "tumble('10 minutes', at)", midnight(2025, 3, 1, utc), plus(Duration.ofMinutes(10))),
                Windows.tumbling(
                        "weeks", "tumble('1 week', r.at)", midnight(2024, 12, 30, utc), plus(Duration.ofDays(7))),
                Windows.tumbling("quarters", "tumble('3 months', at)", newYear, months(3, utc)),
                Windows.tumbling(
                        "days",
                        "tumble(interval '1 day', at, 'Europe/Amsterdam')",
                        midnight(2025, 1, 1, AMSTERDAM),
                        days(1, AMSTERDAM)),
                Windows.tumbling(
                        "havana",
                        "tumble('1 day', at, 'America/Havana')",
                        midnight(2025, 1, 1, HAVANA),
                        days(1, HAVANA)),
                Windows.tumbling(
                        "months",
                        "tumble('1 month', at, 'America/Havana')",
                        midnight(2025, 1, 1, HAVANA),
                        months(1, HAVANA)),
                Windows.tumbling(
                        "sixes",
                        "tumble('6 hours', at, 'Europe/Amsterdam')",
                        midnight(2025, 3, 1, AMSTERDAM),
                        hours(6, AMSTERDAM)),
                new Windows(
                        "hours",
                        "hop('1 hour', '20 minutes', at)",
                        midnight(2025, 3, 1, utc),
                        plus(Duration.ofHours(1)),
                        plus(Duration.ofMinutes(20))),
                new Windows(
                        "pairs",
                        "hop('2 days', '1 day', at, 'America/Havana')",
                        midnight(2025, 1, 1, HAVANA),
                        days(2, HAVANA),
                        days(1, HAVANA)));
    }

    private record Ride(Instant at, Long vendor, double total) {}

    private record Group(Instant start, Long vendor) implements Comparable<Group> {
        @Override
        public int compareTo(Group other) {
            int byStart = start.compareTo(other.start);
            return byStart != 0 ? byStart : String.valueOf(vendor).compareTo(String.valueOf(other.vendor));
        }
    }

    private record Row(Instant end, long rides, double revenue, boolean isFinal) {
        Row and(Ride ride) {
            return new Row(end, rides + 1, revenue + ride.total(), isFinal);
        }
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

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void windows_hold_what_lies_in_them_whatever_the_order_and_the_batches(long seed) {
        // Given
        Random random = new Random(seed);
        StringBuilder yaml = new StringBuilder(STREAMS);
        windows().forEach(w -> yaml.append(
                        "  %s: {sql: \"SELECT %s AS since, vendor, count(*) AS rides, sum(total) AS revenue"
                                .formatted(w.name(), w.call()))
                .append(" FROM rides r WHERE total < 9 GROUP BY since, vendor\"}\n"));
        yaml.append("  sessions: {sql: \"SELECT vendor, count(*) AS rides, sum(total) AS revenue,")
                .append(" session('40 minutes', at) AS since FROM rides WHERE total < 9 GROUP BY vendor, since\"}\n");
        SqlFixture views = new SqlFixture(
                database, yaml.toString(), Map.of("rides", "id:STRING! vendor:LONG total:DOUBLE at:TIMESTAMP!"));
        List<Ride> rides = rides(random);

        // When
        for (int i = 0; i < rides.size(); i++) {
            Ride ride = rides.get(i);
            long micros = ride.at().getEpochSecond() * 1_000_000;
            views.event("rides", random.nextInt(2), "r" + i, ride.vendor(), ride.total(), micros);
            if (random.nextInt(12) == 0) {
                views.flush();
                views.closeViews();
            }
            if (random.nextInt(60) == 0) {
                views.flush();
                views.restart();
            }
        }
        views.flush();
        views.closeViews();

        // Then
        assertThat(views.rows("SELECT * FROM leat.late_event")).isEmpty();
        List<Ride> wanted = rides.stream().filter(r -> r.total() < 9).toList();
        for (Windows kind : windows()) {
            assertThat(table(views, kind.name(), "NULL::timestamptz"))
                    .as("%s, seed %s", kind.name(), seed)
                    .isEqualTo(oracle(kind, wanted, closed(views, kind.name())));
            // The function that Postgres knows says the same as what a batch is cut by.
            assertThat(views.rows("SELECT DISTINCT since FROM views." + kind.name() + " ORDER BY since"))
                    .as("%s, seed %s", kind.name(), seed)
                    .isEqualTo(views.rows("SELECT DISTINCT leat." + kind.call()
                            + " AS since FROM views.rides_log r WHERE total < 9 ORDER BY since"));
        }
        assertThat(table(views, "sessions", "session_end"))
                .as("sessions, seed %s", seed)
                .isEqualTo(sessions(wanted, closed(views, "sessions")));
        assertThat(views.rows("SELECT DISTINCT final FROM views.tens")).hasSize(2);
        assertThat(views.rows("SELECT DISTINCT final FROM views.sessions")).hasSize(2);
    }

    /** In bursts, some minutes apart, out of order by less than the lateness. */
    private static List<Ride> rides(Random random) {
        List<Ride> rides = new ArrayList<>();
        for (LocalDate day : DAYS) {
            Instant time = day.atTime(LocalTime.of(20, 0)).atZone(HAVANA).toInstant();
            for (int i = 0; i < 150; i++) {
                time = time.plusSeconds(random.nextInt(1200));
                Instant at = time.minusSeconds(random.nextInt((int) LATENESS.toSeconds() - 1));
                rides.add(new Ride(at, random.nextInt(5) == 0 ? null : (long) random.nextInt(3), random.nextInt(10)));
            }
        }
        return rides;
    }

    private static Instant closed(SqlFixture views, String view) {
        return instant(views.rows("SELECT closed_through FROM leat.view_close WHERE view = '" + view + "'")
                .getFirst()
                .getFirst());
    }

    private static Instant instant(Object value) {
        return value == null ? null : ((OffsetDateTime) value).toInstant();
    }

    private static Map<Group, Row> table(SqlFixture views, String view, String end) {
        Map<Group, Row> table = new TreeMap<>();
        for (List<Object> row :
                views.rows("SELECT since, vendor, %s, rides, revenue, final FROM views.%s".formatted(end, view))) {
            table.put(
                    new Group(instant(row.get(0)), (Long) row.get(1)),
                    new Row(instant(row.get(2)), (Long) row.get(3), (Double) row.get(4), (Boolean) row.get(5)));
        }
        return table;
    }

    private static Map<Group, Row> oracle(Windows kind, List<Ride> rides, Instant closed) {
        Map<Group, Row> table = new TreeMap<>();
        for (Ride ride : rides) {
            for (Instant[] window : kind.around(ride.at())) {
                Row empty = new Row(null, 0, 0, !window[1].isAfter(closed));
                table.compute(new Group(window[0], ride.vendor()), (g, row) -> (row == null ? empty : row).and(ride));
            }
        }
        return table;
    }

    private static Map<Group, Row> sessions(List<Ride> rides, Instant closed) {
        Map<Group, Row> table = new TreeMap<>();
        for (Long vendor : rides.stream().map(Ride::vendor).distinct().toList()) {
            List<Ride> ofVendor = rides.stream()
                    .filter(r -> Objects.equals(r.vendor(), vendor))
                    .sorted(java.util.Comparator.comparing(Ride::at))
                    .toList();
            Instant start = null;
            Instant end = Instant.MIN;
            for (Ride ride : ofVendor) {
                if (!ride.at().isBefore(end)) {
                    start = ride.at();
                }
                end = ride.at().plus(GAP);
                Row before = table.getOrDefault(new Group(start, vendor), new Row(null, 0, 0, false));
                table.put(
                        new Group(start, vendor),
                        new Row(end, before.rides(), before.revenue(), !end.isAfter(closed)).and(ride));
            }
        }
        return table;
    }
}
