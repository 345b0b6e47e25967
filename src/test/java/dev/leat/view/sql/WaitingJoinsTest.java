package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Orders that wait for the prices of their time. */
class WaitingJoinsTest {

    private static final String STREAMS = """
            streams:
              orders: {topic: t.orders, key: id, event-time: at%s}
              prices: {topic: t.prices, key: product, event-time: since, lateness: 5m}
            views:
              prices_now: {latest: prices}
              prices_then: {history: prices}
            """;
    private static final Map<String, String> COLUMNS = Map.of(
            "orders", "id:STRING! product:INT amount:LONG at:TIMESTAMP!",
            "prices", "product:INT! price:LONG since:TIMESTAMP!");
    private static final String NOW =
            "SELECT o.id, p.price FROM orders o LEFT JOIN prices_now p ON p.product = o.product";
    private static final String THEN =
            "SELECT o.id, p.price FROM orders o LEFT JOIN prices_then p ON p.product = o.product AND as_of(p, o.at)";
    private static final String SHARE =
            "SELECT o.id, o.amount / p.price AS share FROM orders o LEFT JOIN prices_then p ON p.product = o.product AND as_of(p, o.at)";
    private static final String WAITING = "SELECT convert_from(key, 'UTF8') FROM leat.waiting_event ORDER BY id";

    private final ViewsFixture database = new ViewsFixture();
    private final Random random = new Random(1);

    @AfterEach
    void close() {
        database.close();
    }

    private static String yaml(String view) {
        return STREAMS.formatted("") + "  " + view + "\n";
    }

    private SqlFixture views(String view) {
        return new SqlFixture(database, yaml(view), COLUMNS).clock(1000);
    }

    private static void order(SqlFixture views, String id, int product, double minute) {
        views.event("orders", 0, id, product, 12L, micros(minute));
    }

    private static void price(SqlFixture views, int product, long price, double minute) {
        views.event("prices", 0, product, price, micros(minute));
    }

    private static SqlFixture release(SqlFixture views) {
        views.flush();
        views.closeViews().release();
        return views;
    }

    @Test
    void orders_that_outrun_prices_find_them_all() {
        // Given
        SqlFixture views = views("paid: {wait: 5m, sql: '" + NOW + "'}");
        for (int i = 0; i < 10; i++) {
            order(views, "o" + i, i, i);
        }
        release(views);
        assertThat(database.rows("SELECT * FROM views.paid")).isEmpty();
        assertThat(database.rows("SELECT count(*) FROM leat.waiting_event")).containsExactly(List.of(10L));

        // When
        for (int i = 0; i < 10; i++) {
            price(views, i, 100 + i, i);
        }
        price(views, 99, 1, 15);
        release(views);

        // Then what is older than the prices' watermark goes on, the next waits for more
        assertThat(database.rows("SELECT count(*), count(price) FROM views.paid"))
                .containsExactly(List.of(10L, 10L));
        assertThat(database.rows("SELECT price FROM views.paid WHERE id = 'o9'"))
                .containsExactly(List.of(109L));
        order(views, "next", 3, 10);
        assertThat(release(views).rows(WAITING)).containsExactly(List.of("next"));
        price(views, 99, 1, 15.1);
        assertThat(release(views).rows(WAITING)).isEmpty();
    }

    @Test
    void an_order_of_which_the_prices_are_known_does_not_wait() {
        // Given
        SqlFixture views = views("paid: {wait: 5m, sql: '" + THEN + "'}");
        price(views, 1, 100, 0);
        price(views, 99, 1, 60);
        release(views);

        // When
        order(views, "old", 1, 54);
        order(views, "new", 1, 55);
        order(views, "behind it", 1, 3);
        views.flush();

        // Then
        assertThat(database.rows("SELECT id, price FROM views.paid")).containsExactly(List.of("old", 100L));
        assertThat(database.rows(WAITING)).containsExactly(List.of("new"), List.of("behind it"));
    }

    @Test
    void it_waits_as_long_as_it_may_by_the_clock_once_the_prices_lanes_have_caught_up() {
        // Given
        SqlFixture views = views("paid: {wait: 5m, sql: '" + THEN + "'}");
        price(views, 1, 100, 0);
        order(views, "o", 1, 500);
        release(views);
        database.run("UPDATE leat.waiting_event SET came_at = '2026-03-01T16:40:00Z'");

        // When nobody says that the prices' lane has caught up
        views.clock(1100);
        assertThat(release(views).rows(WAITING)).hasSize(1);

        // When it had caught up a moment before that
        views.clock(1004).complete();
        assertThat(release(views).rows(WAITING)).hasSize(1);

        // When it has caught up five minutes after the order came
        views.clock(1005).complete();
        views.closeViews();
        assertThat(views.release().expired()).isOne();

        // Then
        assertThat(database.rows("SELECT id, price FROM views.paid")).containsExactly(List.of("o", 100L));
    }

    @Test
    void where_prices_change_seldom_the_clock_goes_on_for_them() {
        // Given a price, and no other for an hour
        SqlFixture views = views("paid: {wait: 1d, sql: '" + THEN + "'}");
        price(views, 1, 100, 1000);
        views.flush();
        views.clock(1060);
        order(views, "o", 1, 1050);
        assertThat(release(views).rows(WAITING)).hasSize(1);

        // When
        views.complete();
        release(views);

        // Then
        assertThat(database.rows("SELECT id, price FROM views.paid")).containsExactly(List.of("o", 100L));
    }

    @Test
    void what_the_select_refuses_then_becomes_a_dead_letter_with_its_bytes_and_parks_its_key() {
        // Given
        SqlFixture views = new SqlFixture(
                        database,
                        STREAMS.formatted(", on-poison: park") + "  paid: {wait: 5m, append: true, sql: '" + SHARE
                                + "'}\n",
                        COLUMNS)
                .clock(1000);
        for (int i = 0; i < 30; i++) {
            order(views, "o" + i, i == 17 ? 7 : 1, i);
        }
        order(views, "o17", 1, 31);
        release(views);
        price(views, 7, 0, 0);
        price(views, 1, 3, 0);

        // When
        price(views, 99, 1, 60);
        release(views);
        order(views, "o17", 1, 61);
        order(views, "o18", 1, 61);
        price(views, 99, 1, 90);
        release(views);

        // Then
        assertThat(database.rows("SELECT count(*), count(DISTINCT id), min(share) FROM views.paid")
                        .toString())
                .isEqualTo("[[30, 29, 4]]");
        assertThat(database.rows(
                        "SELECT view, \"offset\", reason, message, parks, value IS NOT NULL, convert_from(key, 'UTF8')"
                                + " FROM leat.dead_letter"))
                .containsExactly(
                        List.of("paid", 17L, "REFUSED_BY_VIEW", "ERROR: division by zero (22012)", true, true, "o17"));
        assertThat(database.rows("SELECT view, \"offset\" FROM leat.parked_event ORDER BY 2"))
                .containsExactly(List.of("paid", 30L), List.of("paid", 31L));
        assertThat(database.rows(WAITING)).isEmpty();
    }

    @Test
    void a_view_of_prices_that_is_paused_lets_orders_wait() {
        // Given
        SqlFixture views = views("paid: {wait: 5m, sql: '" + NOW + "'}");
        price(views, 1, 100, 0);
        release(views);
        views.requests().pause("prices_now");

        // When
        order(views, "o", 1, 10);
        price(views, 1, 200, 5);
        price(views, 99, 1, 60);
        assertThat(release(views).rows(WAITING)).hasSize(1);
        views.requests().resume("prices_now");
        for (int i = 0; !views.step("prices_now", random); i++) {
            assertThat(i).isLessThan(20);
        }
        release(views);

        // Then
        assertThat(database.rows("SELECT id, price FROM views.paid")).containsExactly(List.of("o", 200L));
    }

    @Test
    void a_view_that_is_made_to_wait_is_rebuilt_and_events_of_the_past_need_not_wait() {
        // Given
        SqlFixture old = views("paid: {sql: '" + THEN + "'}");
        order(old, "early", 1, 10);
        old.flush();
        price(old, 1, 100, 0);
        price(old, 99, 1, 60);
        old.flush();
        order(old, "late", 1, 58);
        old.flush();
        assertThat(database.rows("SELECT id, price FROM views.paid WHERE price IS NULL"))
                .hasSize(1);

        // When
        SqlFixture young =
                old.another(yaml("paid: {wait: 5m, sql: '" + THEN + "'}")).clock(1000);
        price(young, 99, 1, 62);
        release(young);
        young.begin("paid");
        assertThat(young.step("paid", random)).isFalse();
        assertThat(database.rows("SELECT next_offset FROM leat.view_lane")).containsExactly(List.of(0L));
        young.clock(62).complete();
        for (int i = 0; !young.step("paid", random); i++) {
            assertThat(i).isLessThan(20);
        }

        // Then
        assertThat(database.rows("SELECT id, price FROM views.paid")).containsExactly(List.of("early", 100L));
        assertThat(database.rows("SELECT view FROM leat.waiting_event")).containsExactly(List.of("paid"));
        price(young.clock(1000), 99, 1, 70);
        release(young);
        assertThat(database.rows("SELECT id, price FROM views.paid ORDER BY id"))
                .containsExactly(List.of("early", 100L), List.of("late", 100L));
    }

    @Test
    void another_select_that_writes_to_a_topic_goes_on_with_the_events_that_wait() {
        // Given
        SqlFixture old = views("paid: {wait: 5m, to-topic: t.paid, sql: '" + THEN + "'}");
        order(old, "a", 1, 10);
        price(old, 1, 100, 0);
        release(old);

        // When
        String other =
                "paid: {wait: 10m, to-topic: t.paid, sql: '" + THEN.replace("p.price", "p.price + 1 AS price") + "'}";
        SqlFixture young = old.another(yaml(other)).clock(1000);
        young.begin("paid");
        for (int i = 0; !young.step("paid", random); i++) {
            assertThat(i).isLessThan(20);
        }
        order(young, "b", 1, 11);
        price(young, 99, 1, 60);
        release(young);

        // Then
        assertThat(database.rows("SELECT convert_from(key, 'UTF8'), source_offset FROM leat.outbox ORDER BY id"))
                .containsExactly(List.of("a", 0L), List.of("b", 1L));
    }

    @Test
    void a_view_that_waits_no_longer_applies_what_waited() {
        // Given
        SqlFixture old = views("paid: {wait: 5m, to-topic: t.paid, sql: '" + THEN + "'}");
        order(old, "a", 1, 10);
        release(old);

        // When
        SqlFixture young = old.another(yaml("paid: {to-topic: t.paid, sql: '" + THEN + "'}"))
                .clock(1000);
        young.begin("paid");
        for (int i = 0; !young.step("paid", random); i++) {
            assertThat(i).isLessThan(20);
        }
        release(young);

        // Then
        assertThat(database.rows("SELECT convert_from(key, 'UTF8') FROM leat.outbox"))
                .containsExactly(List.of("a"));
    }

    @Test
    void the_explanation_says_what_waits_where_and_until_when() {
        assertThat(views("paid: {wait: 5m, sql: '" + NOW + "'}").explain("paid").state())
                .last()
                .asString()
                .isEqualTo(
                        "leat.waiting_event keeps each event, and those after it in its partition, until prices have come as"
                                + " far in event time, or it has been here for PT5M and their lanes have applied all that their"
                                + " topics held then");
    }

    @Test
    void windows_over_events_that_wait_are_refused() {
        assertThatThrownBy(() ->
                        views("paid: {wait: 5m, sql: \"SELECT tumble('1 minute', o.at) AS minute, sum(p.price) AS sum"
                                + " FROM orders o JOIN prices_now p ON p.product = o.product GROUP BY 1\"}"))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("pipeline.yaml:7")
                .hasMessageContaining("an event that waits may come to a window that is final");
    }

    private static long micros(double minute) {
        return 1_772_323_200_000_000L + Math.round(minute * 60_000_000);
    }
}
