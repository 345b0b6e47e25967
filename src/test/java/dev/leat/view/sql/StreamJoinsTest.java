package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.SqlFixture;
import dev.leat.view.ViewsFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamJoinsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
              payments: {topic: t.payments, key: id, event-time: paid_at}
              refunds: {topic: t.payments, key: id, event-time: refunded_at}
              zones: {topic: t.zones, key: zone}
            views:
              zones_latest: {latest: zones}
            """;
    private static final Map<String, String> COLUMNS = Map.of(
            "rides", "id:STRING! zone:INT at:TIMESTAMP!",
            "payments", "id:STRING! ride:STRING amount:LONG paid_at:TIMESTAMP!",
            "refunds", "id:STRING! payment:STRING refunded_at:TIMESTAMP!",
            "zones", "zone:INT! name:STRING");
    private static final String WITHIN = "p.paid_at BETWEEN r.at AND r.at + interval '10 minutes'";
    private static final String PAID = """
            paid:
              append: true
              sql: |
                SELECT r.id AS ride, p.id AS payment, p.amount
                FROM rides r %s JOIN payments p ON p.ride = r.id AND %s
            """;

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    private SqlFixture views(String views) {
        return new SqlFixture(database, STREAMS + views.indent(2), COLUMNS);
    }

    /** The minute of TimeFixture's day. */
    private static long minute(double minute) {
        return 1_772_323_200_000_000L + Math.round(minute * 60_000_000);
    }

    @Test
    void a_pair_is_there_once_whichever_of_the_two_comes_first() {
        // Given
        SqlFixture views = views(PAID.formatted("", WITHIN));
        views.event("rides", 0, "a", 1, minute(0))
                .event("payments", 0, "p", "b", 5L, minute(3))
                .flush();

        // When
        views.restart();
        views.event("rides", 1, "b", 1, minute(2))
                .event("rides", 1, "c", 1, minute(2))
                .event("payments", 2, "q", "a", 7L, minute(10))
                .event("payments", 2, "early", "b", 7L, minute(1.9))
                .event("payments", 2, "late", "a", 7L, minute(10.1))
                .event("payments", 0, "r", "c", 9L, minute(4))
                .flush();

        // Then
        assertThat(views.rows("SELECT ride, payment, amount FROM views.paid ORDER BY ride"))
                .containsExactly(List.of("a", "q", 7L), List.of("b", "p", 5L), List.of("c", "r", 9L));
        assertThat(views.rows("SELECT _partition, _offset, _joined_partition, _joined_offset FROM views.paid"
                        + " WHERE ride = 'b'"))
                .containsExactly(List.of(1, 0L, 0, 0L));
    }

    @Test
    void streams_of_one_topic_are_joined_within_one_batch() {
        // Given
        SqlFixture views = views("""
                back:
                  append: true
                  sql: |
                    SELECT p.id, f.id AS refund FROM payments p, refunds f
                    WHERE f.payment = p.id AND f.refunded_at - p.paid_at <= '1 day'::interval AND p.paid_at <= f.refunded_at
                """);

        // When
        views.event("payments", 0, "p", "a", 5L, minute(3))
                .event("refunds", 0, "f", "p", minute(4))
                .event("refunds", 0, "g", "p", minute(2))
                .delete("payments", 0, "p", null, null, null)
                .flush();

        // Then
        assertThat(views.rows("SELECT id, refund FROM views.back")).containsExactly(List.of("p", "f"));
    }

    @Test
    void what_never_matched_appears_when_the_join_is_closed_and_its_state_goes() {
        // Given
        SqlFixture views = views(PAID.formatted("LEFT OUTER", WITHIN));
        views.event("rides", 0, "a", 1, minute(0))
                .event("rides", 0, "b", 1, minute(1))
                .event("payments", 0, "p", "a", 5L, minute(3))
                .flush();
        assertThat(views.rows("SELECT ride, payment FROM views.paid")).containsExactly(List.of("a", "p"));

        // When
        views.event("rides", 0, "c", 1, minute(20))
                .event("payments", 0, "q", "c", 5L, minute(20))
                .flush();
        views.closeViews();

        // Then
        assertThat(views.rows("SELECT ride, payment, _offset, _joined_offset FROM views.paid ORDER BY ride"))
                .containsExactly(
                        List.of("a", "p", 0L, 0L), Arrays.asList("b", null, 1L, null), List.of("c", "q", 2L, 1L));
        assertThat(views.rows("SELECT id FROM views_state.paid__rides")).containsExactly(List.of("c"));
        assertThat(views.rows("SELECT id FROM views_state.paid__payments")).containsExactly(List.of("q"));
    }

    @Test
    void an_event_from_before_the_closing_is_late() {
        // Given
        SqlFixture views = views(PAID.formatted("LEFT", WITHIN));
        views.event("rides", 0, "c", 1, minute(20))
                .event("payments", 0, "q", "c", 5L, minute(20))
                .flush();
        views.closeViews();

        // When
        views.event("rides", 0, "b", 1, minute(19))
                .event("payments", 0, "p", "c", 5L, minute(20))
                .event("payments", 0, "late", "c", 5L, minute(19.5))
                .flush();

        // Then
        assertThat(views.rows("SELECT ride, payment FROM views.paid ORDER BY payment"))
                .containsExactly(List.of("c", "p"), List.of("c", "q"));
        assertThat(views.rows(
                        "SELECT stream, \"offset\", window_end - event_time FROM leat.late_event ORDER BY stream"))
                .containsExactly(
                        List.of("payments", 2L, io.vertx.pgclient.data.Interval.of()),
                        List.of("rides", 1L, io.vertx.pgclient.data.Interval.of(0, 0, 0, 0, 10)));
    }
}
