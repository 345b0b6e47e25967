package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The events of a key have one order, by event time as exactly as it is known and then by position, in each kind of view and
 * wherever batches are cut.
 */
class EventOrderTest {

    private static final long HOUR = 3_600_000_000_000L;

    /** The first key that is never deleted. */
    private static final String KEPT = "kk";

    /** How many of the queries say which event is the newest of each key that is never deleted. */
    private static final int NEWEST = 4;

    /** When the clocks of a day are put forward, and when an hour begins that they tell twice. */
    private static final List<Long> NIGHTS = List.of(nanos("2026-03-29T02:00"), nanos("2026-10-25T02:00"));

    private static long nanos(String time) {
        return LocalDateTime.parse(time).toEpochSecond(ZoneOffset.UTC) * 1_000_000_000;
    }

    /**
     * @param declared as {@code event-time:} has it
     * @param type of field {@code at}
     * @param value of that field, for a time in nanoseconds
     */
    record Form(String declared, String type, LongFunction<Object> value) {
        @Override
        public String toString() {
            return declared + " of " + type;
        }
    }

    private static List<Form> forms() {
        List<Form> forms = new ArrayList<>(List.of(
                new Form("at", "TIMESTAMP", t -> t / 1000),
                new Form("at", "TIMESTAMP", t -> t / 1_000_000 * 1000),
                new Form("at", "TIMESTAMP_NANOS", t -> t),
                new Form("{field: at, unit: s}", "INT", t -> t / 1_000_000_000),
                new Form("{field: at, unit: s}", "LONG", t -> t / 1_000_000_000),
                new Form("{field: at, unit: ms}", "LONG", t -> t / 1_000_000),
                new Form("{field: at, unit: us}", "LONG", t -> t / 1000),
                new Form("{field: at, unit: ns}", "LONG", t -> t),
                new Form("_timestamp", "LONG", t -> t),
                new Form("{sql: \"coalesce(at, other)\"}", "TIMESTAMP_NANOS", t -> t),
                new Form("{sql: \"coalesce(other, _timestamp)\"}", "LONG", t -> t),
                new Form("{sql: \"at + interval '1 hour'\"}", "LOCAL_TIMESTAMP_NANOS", t -> t),
                new Form(
                        "{sql: \"at AT TIME ZONE 'Europe/Amsterdam' - interval '1 day'\"}",
                        "LOCAL_TIMESTAMP",
                        t -> t / 1000)));
        for (String declared : List.of("at", "{field: at, zone: Europe/Amsterdam}", "{field: at, zone: Etc/GMT-2}")) {
            forms.add(new Form(declared, "LOCAL_TIMESTAMP", t -> t / 1000));
            forms.add(new Form(declared, "LOCAL_TIMESTAMP", t -> t / 1_000_000 * 1000));
            forms.add(new Form(declared, "LOCAL_TIMESTAMP_NANOS", t -> t));
            forms.add(new Form(declared, "DATE", t -> t / (24 * HOUR)));
        }
        return forms;
    }

    static Stream<Arguments> seededForms() {
        return Seeds.each().boxed().flatMap(seed -> forms().stream().map(form -> Arguments.of(form, seed)));
    }

    /** @param at in nanoseconds; null for a delete */
    private record Event(String id, long serial, Long at) {}

    /** A few of each key, close to each other, so that how exactly times are compared decides. Some keys are deleted now and then. */
    private static List<Event> events(Random random) {
        List<Event> events = new ArrayList<>();
        for (long i = 0; i < 50; i++) {
            int key = random.nextInt(20);
            long at = NIGHTS.get(key % NIGHTS.size())
                    + (random.nextBoolean() ? HOUR / 2 : HOUR * 7 / 6)
                    + random.nextInt(3) * 400L
                    + random.nextInt(2) * 600_000L;
            String id = "k" + (char) ('a' + key);
            events.add(new Event(id, i, id.compareTo(KEPT) < 0 && random.nextInt(6) == 0 ? null : at));
        }
        return events;
    }

    @ParameterizedTest
    @MethodSource("seededForms")
    void rows_are_the_same_wherever_batches_are_cut_and_of_the_same_events_in_all_views(Form form, long seed) {
        // Given
        List<Event> events = events(new Random(seed));
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = fixture(database, form);
            Random random = new Random(seed);

            // When
            for (Event event : events) {
                add(views, "one", form, event);
                views.flush();
            }
            events.forEach(event -> add(views, "whole", form, event));
            views.flush();
            for (Event event : events) {
                add(views, "parts", form, event);
                if (random.nextInt(6) == 0) {
                    views.flush();
                }
            }
            views.flush();

            // Then
            assertThat(views.rows("SELECT message FROM leat.dead_letter")).isEmpty();
            List<List<List<Object>>> one = rows(views, "one");
            assertThat(rows(views, "whole")).as("one batch, seed %d", seed).isEqualTo(one);
            assertThat(rows(views, "parts")).as("some batches, seed %d", seed).isEqualTo(one);
            assertThat(one.subList(0, NEWEST)).as("seed %d", seed).allMatch(one.getFirst()::equals);
        }
    }

    private static void add(SqlFixture views, String stream, Form form, Event event) {
        if (event.at() == null) {
            views.deleteAt(NIGHTS.getFirst() / 1_000_000, stream, 0, event.id(), null, null, null);
        } else {
            views.eventAt(
                    event.at() / 1_000_000,
                    stream,
                    0,
                    event.id(),
                    event.serial(),
                    form.value().apply(event.at()),
                    null);
        }
    }

    private static SqlFixture fixture(ViewsFixture database, Form form) {
        StringBuilder streams = new StringBuilder("streams:\n");
        StringBuilder views = new StringBuilder("views:\n");
        Stream.of("one", "whole", "parts").forEach(s -> {
            streams.append("  %1$s: {topic: t.%1$s, key: id, event-time: %2$s}\n".formatted(s, form.declared()));
            views.append("""
                      %1$s_latest: {latest: %1$s}
                      %1$s_soft: {latest: %1$s, soft-delete: true}
                      %1$s_keyed: {sql: 'SELECT id, serial FROM %1$s'}
                      %1$s_history: {history: %1$s}
                      %1$s_result: {key: serial, sql: 'SELECT serial % 3 AS serial, id FROM %1$s'}
                      %1$s_ends: {sql: 'SELECT id, first(serial) AS a, last(serial) AS z FROM %1$s GROUP BY id'}
                    """.replace("%1$s", s));
        });
        String columns = "id:STRING! serial:LONG at:" + form.type() + " other:TIMESTAMP";
        return new SqlFixture(
                database, streams.toString() + views, Map.of("one", columns, "whole", columns, "parts", columns));
    }

    private static List<List<List<Object>>> rows(SqlFixture views, String stream) {
        return Stream.of(
                        "SELECT id, serial FROM views.%s_latest WHERE id >= 'kk' ORDER BY id",
                        "SELECT id, serial FROM views.%s_soft WHERE id >= 'kk' ORDER BY id",
                        "SELECT id, serial FROM views.%s_keyed WHERE id >= 'kk' ORDER BY id",
                        "SELECT id, serial FROM views.%s_history WHERE current AND id >= 'kk' ORDER BY id",
                        "SELECT id, serial FROM views.%s_latest ORDER BY id",
                        "SELECT id, serial, _deleted FROM views.%s_soft ORDER BY id",
                        "SELECT id, serial FROM views.%s_keyed ORDER BY id",
                        "SELECT id, serial, valid_from, valid_to, current FROM views.%s_history ORDER BY id, valid_from",
                        "SELECT serial, id FROM views.%s_result ORDER BY 1",
                        "SELECT id, a, z FROM views.%s_ends ORDER BY id")
                .map(sql -> views.rows(sql.formatted(stream)))
                .toList();
    }

    /** 02:30 isn't on the clock that day: it counts on, as 03:30. */
    @Test
    void a_time_that_the_clock_leaves_out_is_after_the_one_that_it_counts_past() {
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = fixture(
                    database, new Form("{field: at, zone: Europe/Amsterdam}", "LOCAL_TIMESTAMP", t -> t / 1000));

            views.event("one", 0, KEPT, 1L, nanos("2026-03-29T03:10") / 1000, null)
                    .flush();
            views.event("one", 0, KEPT, 2L, nanos("2026-03-29T02:30") / 1000, null)
                    .flush();

            assertThat(rows(views, "one").subList(0, NEWEST)).allMatch(List.of(List.of(KEPT, 2L))::equals);
        }
    }
}
