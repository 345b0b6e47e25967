package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.release.Released;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Orders that wait for prices, in whatever order the lanes of both come, in whatever batches, with restarts: in the end each is
 * joined with the price of its time.
 */
class WaitingJoinsAtRandomTest {

    private static final int EVENTS = 250;
    private static final int ORDER_LANES = 2;
    private static final int PRICE_LANES = 3;

    private static final String PRICED =
            " FROM orders o LEFT JOIN prices_then p ON p.product = o.product AND as_of(p, o.at)";
    private static final String YAML = """
            streams:
              orders: {topic: t.orders, key: id, event-time: at, lateness: 1m}
              prices: {topic: t.prices, key: product, event-time: since, lateness: 5m}
            views:
              orders_log: {log: orders}
              orders_latest: {latest: orders}
              prices_log: {log: prices}
              prices_then: {history: prices}
              keyed: {wait: 5m, sql: "SELECT o.id, o.product, p.price, o.amount * p.price AS total%1$s"}
              each: {wait: 5m, append: true, sql: "SELECT o.id, p.price%1$s"}
              newest: {wait: 5m, key: product, sql: "SELECT o.product, o.id, p.price%1$s"}
              grouped: {wait: 5m, sql: "SELECT o.product, count(*) AS orders, sum(o.amount * p.price) AS total%1$s GROUP BY o.product"}
              emitted: {wait: 5m, to-topic: t.emitted, sql: "SELECT o.id, p.price%1$s"}
            """.formatted(PRICED);

    /** What the price of an order was at its time, by all prices that there are. */
    private static final String PRICE =
            "(SELECT p.price FROM views.prices_log p WHERE p.product = o.product AND p.since <= o.at"
                    + " ORDER BY p.since DESC, p._offset DESC LIMIT 1)";

    private static final String IN_ORDER = """
            SELECT count(*) FILTER (WHERE source_offset < before), count(*), count(DISTINCT (source_partition, source_offset))
            FROM (SELECT source_partition, source_offset,
                    lag(source_offset) OVER (PARTITION BY source_partition ORDER BY id) AS before
                FROM leat.outbox WHERE view = 'emitted') AS e""";

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    private record Lane(String stream, int partition, Deque<Object[]> events) {}

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void every_order_gets_the_price_of_its_time(long seed) {
        // Given
        Random random = new Random(seed);
        List<Lane> lanes = lanes(random);
        SqlFixture views = new SqlFixture(
                database,
                YAML,
                Map.of(
                        "orders",
                        "id:STRING! product:INT amount:LONG at:TIMESTAMP!",
                        "prices",
                        "product:INT! price:LONG since:TIMESTAMP!"));
        views.clock(1000);
        int orders = lanes.stream()
                .filter(lane -> lane.stream().equals("orders"))
                .mapToInt(lane -> lane.events().size())
                .sum();

        // When
        Released released = new Released(0, 0);
        while (lanes.stream().anyMatch(lane -> !lane.events().isEmpty())) {
            some(lanes, random).forEach(lane -> add(views, lane, random));
            views.flush();
            if (random.nextInt(3) == 0) {
                views.closeViews();
            }
            if (random.nextInt(3) == 0) {
                views.release();
            }
            if (random.nextInt(10) == 0) {
                views.restart();
            }
        }
        views.clock(2000).complete().closeViews().release();

        // Then
        String all = " FROM views.orders_log o WHERE o.at IS NOT NULL";
        String now = " FROM views.orders_latest o";
        same(
                views,
                "SELECT id, product, price, total FROM views.keyed",
                "SELECT o.id, o.product, " + PRICE + ", o.amount * " + PRICE + now,
                seed);
        same(
                views,
                "SELECT id, price, _partition, _offset FROM views.each",
                "SELECT o.id, " + PRICE + ", o._partition, o._offset" + all,
                seed);
        same(
                views,
                "SELECT product, orders, total FROM views.grouped",
                "SELECT o.product, count(*), sum(o.amount * " + PRICE + ")" + all + " GROUP BY o.product",
                seed);
        same(
                views,
                "SELECT product, price IS NOT DISTINCT FROM (SELECT " + PRICE + " FROM views.orders_log o"
                        + " WHERE o.id = n.id AND o.at = (SELECT max(at) FROM views.orders_log m WHERE m.product = n.product))"
                        + " FROM views.newest n",
                "SELECT DISTINCT o.product, true" + all,
                seed);
        assertThat(views.rows(IN_ORDER)).as("seed " + seed).containsExactly(List.of(0L, (long) orders, (long) orders));
        assertThat(views.rows("SELECT * FROM leat.waiting_event")).isEmpty();
        assertThat(views.rows("SELECT * FROM leat.dead_letter")).isEmpty();
    }

    /** What each lane brings, in its order. No price is older than its stream's lateness says. */
    private static List<Lane> lanes(Random random) {
        List<Lane> lanes = new ArrayList<>();
        for (int lane = 0; lane < ORDER_LANES; lane++) {
            lanes.add(new Lane("orders", lane, new ArrayDeque<>()));
        }
        for (int lane = 0; lane < PRICE_LANES; lane++) {
            lanes.add(new Lane("prices", lane, new ArrayDeque<>()));
        }
        for (int i = 0; i < EVENTS; i++) {
            long time = micros(i / 6.0 + random.nextDouble() * 4 - 2);
            int product = random.nextInt(6);
            if (random.nextInt(4) == 0) {
                lanes.get(ORDER_LANES + product % PRICE_LANES)
                        .events()
                        .add(new Object[] {product, random.nextLong(9), time});
            } else {
                int order = Math.max(0, i - random.nextInt(20));
                Object[] values = random.nextInt(12) == 0
                        ? new Object[] {"o" + order}
                        : new Object[] {"o" + order, product, random.nextLong(5), time + i};
                lanes.get(order % ORDER_LANES).events().add(values);
            }
        }
        return lanes;
    }

    /** One lane or several, seldom evenly: one side gets far ahead of the other. */
    private static List<Lane> some(List<Lane> lanes, Random random) {
        List<Lane> some = new ArrayList<>(
                lanes.stream().filter(lane -> !lane.events().isEmpty()).toList());
        Collections.shuffle(some, random);
        return some.subList(0, 1 + random.nextInt(some.size()));
    }

    private static void add(SqlFixture views, Lane lane, Random random) {
        int most = random.nextInt(6) == 0 ? 200 : 1 + random.nextInt(15);
        for (int i = 0; i < most && !lane.events().isEmpty(); i++) {
            Object[] values = lane.events().poll();
            if (values.length == 1) {
                views.delete(lane.stream(), lane.partition(), values[0], null, null, null);
            } else {
                views.event(lane.stream(), lane.partition(), values);
            }
        }
    }

    private static void same(SqlFixture views, String view, String oracle, long seed) {
        assertThat(strings(views.rows(view)))
                .as(view + ", seed " + seed)
                .isNotEmpty()
                .isEqualTo(strings(views.rows(oracle)));
    }

    private static List<String> strings(List<List<Object>> rows) {
        List<String> strings = new ArrayList<>(rows.stream().map(List::toString).toList());
        Collections.sort(strings);
        return strings;
    }

    private static long micros(double minute) {
        return 1_772_323_200_000_000L + Math.round(minute * 60_000_000);
    }
}
