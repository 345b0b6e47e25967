package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Seeds;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever says when events happened, the views are the same: {@code latest} with both sorts of deletes, {@code history},
 * and windows that close. Times are days, so that all forms can say them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventTimeFormsTest {

    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long FIRST = Instant.parse("2026-03-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final ZoneId AMSTERDAM = ZoneId.of("Europe/Amsterdam");

    private final long seed = Seeds.first();
    private List<List<List<Object>>> plain;

    @BeforeAll
    void views() {
        plain = views(Form.of("at", "TIMESTAMP", t -> t));
        // Something came late, and something is final, or the forms would agree on nothing.
        assertThat(plain.getLast()).as("late events, seed %d", seed).isNotEmpty();
    }

    /**
     * @param declared as {@code event-time:} has it
     * @param type of field {@code at}
     * @param value of that field, for a time in microseconds; null: none
     * @param inKafka whether Kafka's timestamp is the time
     */
    record Form(String declared, String type, LongFunction<Object> value, boolean inKafka) {

        static Form of(String declared, String type, LongFunction<Object> value) {
            return new Form(declared, type, value, false);
        }

        @Override
        public String toString() {
            return declared + " of " + type;
        }
    }

    static Stream<Form> forms() {
        return Stream.of(
                Form.of("at", "TIMESTAMP_NANOS", t -> t * 1000),
                Form.of("at", "LOCAL_TIMESTAMP", t -> t),
                Form.of("at", "LOCAL_TIMESTAMP_NANOS", t -> t * 1000),
                Form.of("at", "DATE", t -> t / MICROS_PER_DAY),
                Form.of("{field: at, unit: s}", "LONG", t -> t / 1_000_000),
                Form.of("{field: at, unit: s}", "INT", t -> t / 1_000_000),
                Form.of("{field: at, unit: ms}", "LONG", t -> t / 1000),
                Form.of("{field: at, unit: us}", "LONG", t -> t),
                Form.of("{field: at, unit: ns}", "LONG", t -> t * 1000),
                Form.of("{field: at, zone: Europe/Amsterdam}", "LOCAL_TIMESTAMP", EventTimeFormsTest::inAmsterdam),
                new Form("_timestamp", "LONG", t -> null, true),
                new Form(
                        "{sql: \"coalesce(at, _timestamp)\"}",
                        "TIMESTAMP",
                        t -> t / MICROS_PER_DAY % 2 == 0 ? t : null,
                        true),
                Form.of("{sql: \"coalesce(at, other)\"}", "TIMESTAMP", t -> t),
                Form.of("{sql: \"to_timestamp(at / 1000.0) + interval '1 hour'\"}", "LONG", t -> t / 1000 - 3_600_000),
                Form.of("{sql: \"coalesce(at, other) - interval '1 day'\"}", "TIMESTAMP", t -> t + MICROS_PER_DAY));
    }

    private static Object inAmsterdam(long micros) {
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochSecond(micros / 1_000_000), AMSTERDAM);
        return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000;
    }

    /** @param day null for a delete */
    private record Event(String id, long serial, Long day) {}

    private List<Event> events() {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        for (long i = 0; i < 120; i++) {
            String id = "k" + random.nextInt(6);
            events.add(new Event(id, i, random.nextInt(8) == 0 ? null : i / 10 + random.nextInt(5)));
        }
        return events;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void each_form_gives_the_views_of_a_plain_timestamp(Form form) {
        assertThat(views(form)).as("seed %d", seed).isEqualTo(plain);
    }

    @Test
    void what_orders_the_events_is_shown_where_no_field_does() {
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = fixture(database, new Form("_timestamp", "LONG", t -> null, true));
            views.eventAt(FIRST / 1000, "events", 0, "k", 1L, null, null).flush();

            assertThat(views.rows("SELECT _time FROM views.newest"))
                    .containsExactly(
                            List.of(Instant.ofEpochSecond(FIRST / 1_000_000).atOffset(ZoneOffset.UTC)));
        }
    }

    private static SqlFixture fixture(ViewsFixture database, Form form) {
        return new SqlFixture(
                        database,
                        """
                streams:
                  events: {topic: t, key: id, event-time: %s, lateness: 3d}
                views:
                  newest: {latest: events}
                  kept: {latest: events, soft-delete: true}
                  states: {history: events, track: serial}
                  days: {sql: "SELECT tumble('1 day', _time) AS day, count(*) AS events, max(serial) AS last FROM events GROUP BY 1"}
                """.formatted(form.declared()),
                        Map.of("events", "id:STRING! serial:LONG at:" + form.type() + " other:TIMESTAMP"))
                .clock(60 * 24 * 365);
    }

    private List<List<List<Object>>> views(Form form) {
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = fixture(database, form);
            Random random = new Random(seed);
            for (Event event : events()) {
                if (event.day() == null) {
                    // As late as no event is, but where Kafka's timestamp counts: a history has it for deletes.
                    views.deleteAt((FIRST + 300 * MICROS_PER_DAY) / 1000, "events", 0, event.id(), null, null, null);
                } else {
                    long time = FIRST + event.day() * MICROS_PER_DAY;
                    views.eventAt(
                            form.inKafka() ? time / 1000 : 0,
                            "events",
                            0,
                            event.id(),
                            event.serial(),
                            form.value().apply(time),
                            null);
                }
                if (random.nextInt(7) == 0) {
                    views.flush();
                    views.closeViews();
                }
            }
            views.flush();
            views.closeViews();
            return List.of(
                    views.rows("SELECT id, serial FROM views.newest ORDER BY id"),
                    views.rows("SELECT id, serial, _deleted FROM views.kept ORDER BY id"),
                    views.rows("SELECT id, serial, " + instant(form, "valid_from") + ", " + instant(form, "valid_to")
                            + ", current FROM views.states ORDER BY id, valid_from"),
                    views.rows("SELECT day, events, last, final FROM views.days ORDER BY day"),
                    views.rows("SELECT \"offset\", event_time FROM leat.late_event ORDER BY 1"));
        }
    }

    /** A history of nanoseconds has them as numbers. */
    private static String instant(Form form, String column) {
        return form.type().endsWith("_NANOS") || form.declared().contains("unit: ns")
                ? "to_timestamp(" + column + " / 1000000000)"
                : column;
    }
}
