package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nexmark's queries 0 to 22 as views over its three streams: each is what Postgres makes of all events at once. Numbers are
 * small, so that few events meet. Query 12 has windows of processing time, which no two runs would agree on: it has Kafka's
 * timestamp in its place. Query 6 says which of a seller's auctions closed last; Flink has no plan for it.
 *
 * <p>Source: the queries of the Nexmark benchmark for Flink, which go back to P. Tucker and others, "NEXMark: a benchmark for
 * queries over data streams".
 */
class NexmarkTest {

    private static final int QUERIES = 23;
    private static final int EVENTS = 300;

    /** Each event gives its rows once: there is nothing to group. */
    private static final Set<Integer> APPEND = Set.of(0, 1, 2, 10, 13, 14, 21, 22);

    /** Joins of events whatever lies between them: all are kept. */
    private static final Set<Integer> UNBOUNDED = Set.of(3, 20);

    private static final Map<String, String> SHAPES = Map.of(
            "person", "id:LONG! name:STRING email:STRING city:STRING state:STRING date_time:TIMESTAMP! extra:STRING",
            "auction",
                    "id:LONG! item_name:STRING description:STRING initial_bid:LONG reserve:LONG date_time:TIMESTAMP!"
                            + " expires:TIMESTAMP seller:LONG category:LONG extra:STRING",
            "bid", "auction:LONG! bidder:LONG price:LONG channel:STRING url:STRING date_time:TIMESTAMP! extra:STRING!",
            "sides", "key:LONG! value:STRING");

    private static final String WITH = "WITH person AS (SELECT * FROM views.person_log), auction AS (SELECT * FROM"
            + " views.auction_log), bid AS (SELECT * FROM views.bid_log), side AS (SELECT * FROM"
            + " views.side)";

    /** Sessions have no SELECT in Postgres: those that begin where there is none in the ten seconds before. */
    private static final String SESSIONS = """
            SELECT bidder, count(*) AS bids, min(date_time) AS since
            FROM (
                SELECT bidder, date_time, sum(begins) OVER (PARTITION BY bidder ORDER BY date_time) AS number
                FROM (
                    SELECT bidder, date_time, CASE WHEN (lag(date_time) OVER (PARTITION BY bidder ORDER BY date_time)
                            > date_time - interval '10 seconds') THEN 0 ELSE 1 END AS begins
                    FROM bid
                ) AS b
            ) AS s
            GROUP BY bidder, number
            """;

    private Random random;
    private long auctions;

    private static String query(int number) {
        try {
            return Files.readString(Path.of("src/test/resources/nexmark/q%02d.sql".formatted(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String yaml(int first, int last) {
        StringBuilder yaml = new StringBuilder("""
                streams:
                  person: {topic: t.person, event-time: date_time, lateness: 1h}
                  auction: {topic: t.auction, event-time: date_time, lateness: 1h}
                  bid: {topic: t.bid, event-time: date_time, lateness: 1h}
                  sides: {topic: t.sides, key: key}
                views:
                  person_log: {log: person}
                  auction_log: {log: auction}
                  bid_log: {log: bid}
                  side: {latest: sides}
                """);
        for (int i = first; i <= last; i++) {
            yaml.append("  q%d:\n".formatted(i))
                    .append(APPEND.contains(i) ? "    append: true\n" : "")
                    .append(UNBOUNDED.contains(i) ? "    materialized: true\n" : "")
                    .append("    sql: |\n")
                    .append(query(i).indent(6));
        }
        return yaml.toString();
    }

    private long someTime(int event) {
        return (1_700_000_000_000L + event * 300L + random.nextInt(5000)) * 1000;
    }

    private void send(SqlFixture views, int event) {
        long time = someTime(event);
        long millis = time / 1000;
        int partition = random.nextInt(2);
        switch (random.nextInt(8)) {
            case 0 ->
                views.eventAt(
                        millis,
                        "person",
                        partition,
                        (long) random.nextInt(8),
                        "p" + random.nextInt(5),
                        "mail",
                        "city" + random.nextInt(3),
                        List.of("or", "id", "ca", "ny").get(random.nextInt(4)),
                        time,
                        "e" + event);
            case 1, 2 ->
                views.eventAt(
                        millis,
                        "auction",
                        partition,
                        ++auctions,
                        "item" + random.nextInt(3),
                        "fine",
                        (long) random.nextInt(50),
                        (long) random.nextInt(100),
                        time,
                        time + random.nextInt(60) * 1_000_000L,
                        (long) random.nextInt(8),
                        10L + random.nextInt(3),
                        "e" + event);
            default ->
                views.eventAt(
                        millis,
                        "bid",
                        partition,
                        Math.max(1, auctions - random.nextInt(8)),
                        (long) random.nextInt(8),
                        (long) random.nextInt(600),
                        List.of("Google", "Apple", "channel-1", "channel-2").get(random.nextInt(4)),
                        "https://www.nexmark.com/a/b" + random.nextInt(3) + "/item.htm?"
                                + (random.nextBoolean() ? "query=1" : "query=1&channel_id=" + random.nextInt(9)),
                        time,
                        "e" + "c".repeat(random.nextInt(3)) + event);
        }
    }

    @ParameterizedTest(name = "-Dleat.seed={0}")
    @MethodSource("dev.leat.Seeds#each")
    void each_query_is_what_postgres_answers(long seed) {
        // Given
        random = new Random(seed);
        try (ViewsFixture database = new ViewsFixture()) {
            SqlFixture views = new SqlFixture(database, yaml(0, QUERIES - 1), SHAPES);
            for (long key = 0; key < 4; key++) {
                views.event("sides", 0, key, "side" + key);
            }
            views.flush();

            // When
            for (int i = 0; i < EVENTS; i++) {
                send(views, i);
                if (random.nextInt(20) == 0) {
                    views.flush();
                    views.closeViews();
                }
                if (random.nextInt(150) == 0) {
                    views.flush();
                    views.restart();
                }
            }
            views.flush();

            // Then
            List<String> wrong = new ArrayList<>();
            Map<Integer, Integer> rows = new LinkedHashMap<>();
            for (int q = 0; q < QUERIES; q++) {
                wrong.add(SelectOracle.difference(views, WITH, q == 11 ? SESSIONS : query(q), "q" + q));
                rows.put(q, views.rows("SELECT FROM views.q" + q).size());
            }
            assertThat(String.join("", wrong)).isEmpty();
            assertThat(rows).doesNotContainValue(0);
        }
    }
}
