package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamJoinsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
              payments: {topic: t.payments, type: pay.Payment, key: id, event-time: paid_at}
              refunds: {topic: t.payments, type: pay.Refund, key: id, event-time: refunded_at}
              zones: {topic: t.zones, key: zone, event-time: since}
              calls: {topic: t.calls, key: id}
            views:
              zones_latest: {latest: zones}
              zones_history: {history: zones}
              rides_log: {log: rides}
            """;
    private static final Map<String, String> COLUMNS = Map.of(
            "rides", "id:STRING! zone:INT at:TIMESTAMP!",
            "payments", "id:STRING! ride:STRING amount:LONG paid_at:TIMESTAMP!",
            "refunds", "id:STRING! payment:STRING refunded_at:TIMESTAMP!",
            "zones", "zone:INT! name:STRING since:TIMESTAMP!",
            "calls", "id:STRING! ride:STRING");
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
        return new SqlFixture(database, STREAMS + views.indent(2), COLUMNS).clock(1000);
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

    @Test
    void a_row_of_a_history_is_found_as_of_the_time_of_an_event() {
        // Given
        SqlFixture views = views("""
                named: {append: true, sql: 'SELECT r.id, z.name FROM rides r LEFT JOIN zones_history z ON z.zone = r.zone AND as_of(z, r.at)'}
                asked: {sql: 'SELECT r.id, h.name FROM rides_log r JOIN zones_history h ON h.zone = r.zone AND as_of(h, r.at + make_interval(mins => 5))'}
                """);
        views.event("zones", 0, 1, "old", minute(10))
                .event("zones", 0, 1, "new", minute(20))
                .flush();

        // When
        views.event("rides", 0, "before", 1, minute(9.9))
                .event("rides", 0, "begin", 1, minute(10))
                .event("rides", 0, "within", 1, minute(19.9))
                .event("rides", 0, "after", 1, minute(20))
                .flush();

        // Then
        assertThat(views.rows("SELECT id, name FROM views.named ORDER BY _offset"))
                .containsExactly(
                        Arrays.asList("before", null),
                        List.of("begin", "old"),
                        List.of("within", "old"),
                        List.of("after", "new"));
        assertThat(views.rows("SELECT id, name FROM views.asked ORDER BY name, id"))
                .containsExactly(
                        List.of("after", "new"),
                        List.of("within", "new"),
                        List.of("before", "old"),
                        List.of("begin", "old"));
    }

    @Test
    void pairs_are_joined_with_views_and_of_a_key_the_newest_counts() {
        // Given
        SqlFixture views = views("""
                newest:
                  key: ride
                  sql: |
                    SELECT r.id AS ride, p.amount, z.name FROM rides r JOIN payments p ON left(p.ride, 9) = r.id AND %s
                    LEFT JOIN zones_latest z ON z.zone = r.zone
                each:
                  append: true
                  sql: |
                    SELECT r.id AS ride, p.amount, z.name FROM rides r LEFT JOIN payments p ON (left(p.ride, 9) = r.id AND %s)
                    LEFT JOIN zones_latest z ON z.zone = r.zone
                """.formatted(WITHIN, WITHIN));
        views.event("zones", 0, 1, "Soho", minute(0)).flush();

        // When
        views.event("payments", 0, "p", "a", 5L, minute(3))
                .event("payments", 1, "q", "a", 6L, minute(2))
                .event("rides", 0, "a", 1, minute(1))
                .event("rides", 0, "b", 1, minute(1))
                .flush();
        views.event("payments", 1, "r", "a", 7L, minute(2.5)).flush();
        views.event("payments", 0, "z", "z", 5L, minute(50))
                .event("payments", 1, "z", "z", 5L, minute(50))
                .event("rides", 0, "z", 1, minute(50))
                .flush();
        views.closeViews();

        // Then
        assertThat(views.rows("SELECT ride, amount, name FROM views.newest WHERE ride <> 'z'"))
                .containsExactly(List.of("a", 5L, "Soho"));
        assertThat(views.rows(
                        "SELECT ride, amount, name, _row FROM views.each WHERE ride <> 'z' ORDER BY ride, amount"))
                .containsExactly(
                        List.of("a", 5L, "Soho", 1L),
                        List.of("a", 6L, "Soho", 1L),
                        List.of("a", 7L, "Soho", 1L),
                        Arrays.asList("b", null, "Soho", 1L));
    }

    @Test
    void a_pair_goes_to_a_topic_with_the_later_of_the_two_and_what_never_matched_with_the_closing() {
        // Given
        SqlFixture views = views("""
                paid:
                  to-topic: t.paid
                  key: [ride, payment]
                  sql: "SELECT r.id AS ride, p.id AS payment FROM rides r LEFT JOIN payments p ON p.ride = r.id AND %s"
                """.formatted(WITHIN));
        String emitted = "SELECT k->>'ride', k->>'payment', source_topic, source_offset, row FROM"
                + " (SELECT *, convert_from(key, 'UTF8')::json AS k FROM leat.outbox) AS e ORDER BY id";

        // When
        views.event("payments", 0, "p", "b", 5L, minute(3))
                .event("payments", 0, "q", "b", 5L, minute(3))
                .flush();
        views.event("rides", 0, "a", 1, minute(1))
                .event("rides", 0, "b", 1, minute(1))
                .flush();

        // Then
        assertThat(views.rows(emitted))
                .extracting(row -> row.subList(2, 5))
                .containsExactly(List.of("t.rides", 1L, 0), List.of("t.rides", 1L, 1));

        // When
        views.event("rides", 0, "c", 1, minute(20))
                .event("payments", 0, "r", "c", 5L, minute(20))
                .flush();
        views.restart();
        views.closeViews();
        views.closeViews();

        // Then
        assertThat(views.rows(emitted).subList(2, 4))
                .containsExactly(List.of("c", "r", "t.rides", 2L, 0), Arrays.asList("a", null, "t.rides", 0L, 0));
        assertThat(views.rows(emitted)).hasSize(4);
        assertThat(views.explain("paid").statements())
                .hasSize(5)
                .anySatisfy(sql -> assertThat(sql).contains("\"r\"._offset"))
                .anySatisfy(sql -> assertThat(sql).contains("\"p\"._offset"));
    }

    @Test
    void what_has_met_none_goes_to_a_topic_by_itself() {
        // Given
        SqlFixture views = views("""
                unpaid:
                  to-topic: t.unpaid
                  key: ride
                  sql: "SELECT r.id AS ride FROM rides r LEFT JOIN payments p ON p.ride = r.id AND %s WHERE p.id IS NULL"
                """.formatted(WITHIN));
        String emitted = "SELECT convert_from(key, 'UTF8') FROM leat.outbox ORDER BY id";
        views.event("rides", 0, "a", 1, minute(0))
                .event("rides", 0, "b", 1, minute(1))
                .event("payments", 0, "p", "a", 5L, minute(9))
                .flush();
        assertThat(views.rows(emitted)).isEmpty();

        // When
        views.event("rides", 0, "c", 1, minute(20))
                .event("payments", 0, "q", "c", 5L, minute(20))
                .flush();
        views.closeViews();

        // Then
        assertThat(views.rows(emitted)).containsExactly(List.of("b"));
    }

    @Test
    void a_join_without_windows_has_no_final_rows_to_write() {
        assertThatThrownBy(() -> views("""
                        bad: {to-topic: {topic: t.bad, emit: final}, sql: "SELECT r.id FROM rides r JOIN payments p ON p.ride = r.id AND %s"}
                        """.formatted(WITHIN)))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith("`emit: final` waits for a window to end, and this SELECT has none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "rides r JOIN payments p ON p.ride = r.id | the join of streams `r` and `p` has no bound in their event times, so that"
                        + " all events would have to be kept for ever; add, for instance,"
                        + " AND p.paid_at BETWEEN r.at AND r.at + interval '10 minutes', or write `materialized: true`, and all are kept",
                "rides r LEFT JOIN payments p ON p.ride = r.id WHERE p.paid_at BETWEEN r.at AND r.at + interval '1 hour' |"
                        + " the join of streams `r` and `p` has no bound in their event times, so that all events would have to be"
                        + " kept for ever; add, for instance, AND p.paid_at BETWEEN r.at AND r.at + interval '10 minutes', or write `materialized: true`, and all are kept",
                "rides r JOIN payments p ON p.ride = r.id AND p.paid_at > r.at | the join of streams `r` and `p` has no upper bound in"
                        + " their event times, so that all events would have to be kept for ever; add, for instance,"
                        + " AND p.paid_at BETWEEN r.at AND r.at + interval '10 minutes', or write `materialized: true`, and all are kept",
                "rides r JOIN payments p ON p.ride = r.id AND p.amount BETWEEN r.zone AND r.zone + 2 AND p.paid_at <= r.at |"
                        + " the join of streams `r` and `p` has no lower bound in their event times, so that all events would have"
                        + " to be kept for ever; add, for instance, AND p.paid_at BETWEEN r.at AND r.at + interval '10 minutes', or write `materialized: true`, and all are kept",
                "rides r JOIN payments p ON p.paid_at BETWEEN r.at AND r.at + interval '1 hour' | the join of streams `r` and `p` lacks"
                        + " an equality, so that each event would match all others of its time; write ON r.… = p.… AND …",
                "rides r JOIN payments p ON p.ride = r.id AND p.paid_at BETWEEN r.at AND r.at + interval '1 month' | the bound"
                        + " INTERVAL '1 month' of a join counts in months, which aren't always as long; write days",
                "rides r JOIN payments p ON p.ride = r.id AND p.paid_at BETWEEN r.at AND r.at - interval '1 day' | the bound of the"
                        + " join of streams `r` and `p` can never hold: its end lies before its beginning",
                "rides r JOIN calls p ON p.ride = r.id | stream `calls` has no `event-time:`, and streams are joined within a time;"
                        + " declare which of its columns says when an event happened, or write `materialized: true`, and all are kept",
                "rides r RIGHT JOIN payments p ON p.ride = r.id AND p.paid_at = r.at | `append:`, `retain:` and"
                        + " `remember-deletes:` have no meaning for a SELECT that is computed again where events touch it; leave"
                        + " them out",
                "zones_latest z LEFT JOIN rides r ON r.zone = z.zone | stream `rides` comes after LEFT JOIN, and a view"
                        + " before it; begin with the stream",
                "rides r JOIN zones_latest z ON z.zone = r.zone LEFT JOIN payments p ON p.ride = r.id AND p.paid_at = r.at"
                        + " AND p.amount = z.zone | the condition of LEFT JOIN `p` may speak of `r` and `p` only; write what else"
                        + " shall hold in WHERE",
                "rides r JOIN zones_latest z ON as_of(z, r.at) | as_of() asks what was valid at a time, which only a `history` view"
                        + " knows, and `z` isn't one; declare `history:` of its stream and join that",
                "rides r JOIN payments p ON p.ride = r.id AND p.paid_at = r.at JOIN refunds f ON f.payment = p.id |"
                        + " `append:`, `retain:` and `remember-deletes:` have no meaning for a SELECT that is computed again where"
                        + " events touch it; leave them out",
            })
    void what_cant_be_kept_is_refused(String from, String problem) {
        String column = from.contains("calls") ? "r.id" : "1 AS one";

        assertThatThrownBy(() -> views("bad: {append: true, sql: \"SELECT " + column + " FROM " + from + "\"}"))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT session('1 hour', r.at) AS s, count(*) FROM rides r JOIN payments p ON %s GROUP BY s | sessions over a join of streams aren't supported; write the join to a topic with `to-topic:`, declare that as a stream, and group its events by session
            SELECT tumble('1 hour', p.paid_at) AS s, count(*) FROM rides r LEFT JOIN payments p ON %s GROUP BY s | a row of a LEFT JOIN may have no event of `p`; group by a window of the event time of `r`
            SELECT tumble('1 hour', z.since) AS s, count(*) FROM rides r JOIN payments p ON %s JOIN zones_latest z ON z.zone = r.zone GROUP BY s | column 25: only windows of `at`, the event time of stream `rides`, or `paid_at`, the event time of stream `payments`, become final; group by date_bin(…, `z.since`, …) or date_trunc(…) for groups that never do
            """)
    void a_window_over_a_join_that_cannot_be_kept_is_refused(String select, String problem) {
        assertThatThrownBy(() -> views("bad: {sql: \"%s\"}".formatted(select.formatted("p.ride = r.id AND " + WITHIN))))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith(problem);
    }

    @Test
    void what_is_retained_has_windows() {
        assertThatThrownBy(() -> views("bad: {retain: 1d, sql: 'SELECT id FROM rides'}"))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith(
                        "`retain:` says how long rows stay whose window has ended, and this SELECT has none");
    }

    @Test
    void it_is_explained_what_is_kept_and_for_how_long() {
        SqlFixture views = views(PAID.formatted("LEFT", WITHIN));

        assertThat(views.explain("paid").state())
                .contains(
                        "\"views_state\".\"paid__rides\" keeps events of rides until the view is closed through PT10M after"
                                + " their time",
                        "\"views_state\".\"paid__payments\" keeps events of payments until the view is closed through PT0S"
                                + " after their time");
        assertThat(views.explain("paid").statements()).hasSize(5);
    }

    @Test
    void a_join_says_what_becomes_of_its_pairs() {
        assertThatThrownBy(() -> views("""
                        bad: {sql: "SELECT r.id FROM rides r JOIN payments p ON p.ride = r.id AND %s"}
                        """.formatted(WITHIN)))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith(
                        "a join of streams makes a row of each two events that match; write `append: true` to"
                                + " have them all, or name in `key:` the columns of the result of which only the newest counts");
    }
}
