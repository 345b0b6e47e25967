package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.View;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at, lateness: 5m}
            views:
            """;
    private static final Map<String, String> COLUMNS =
            Map.of("rides", "id:STRING! vendor:LONG total:DOUBLE at:TIMESTAMP!");
    private static final String BY_TEN_MINUTES = """
            by_ten_minutes:
              grace: 5m
              sql: |
                SELECT tumble('10 minutes', at) AS since, vendor, count(*) AS rides,
                       tumble('10 minutes', at) + interval '10 minutes' AS until
                FROM rides WHERE total > 1
                GROUP BY since, vendor
            """;
    private static final String SESSIONS = """
            sessions: {sql: "SELECT vendor, session('10 minutes', r.at) AS since, count(*) AS rides, sum(total) FROM rides r GROUP BY 1, 2"}
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
        return new SqlFixture(database, STREAMS + views.indent(2), COLUMNS).clock(1440);
    }

    /** A minute of a day, in microseconds. */
    private static long at(long minute) {
        return Instant.parse("2026-03-01T00:00:00Z").getEpochSecond() * 1_000_000 + minute * 60_000_000;
    }

    private static OffsetDateTime minute(long minute) {
        return Instant.ofEpochSecond(at(minute) / 1_000_000).atOffset(ZoneOffset.UTC);
    }

    private static SqlFixture ride(SqlFixture views, int partition, String id, Long vendor, long minute) {
        return views.event("rides", partition, id, vendor, 2.0, at(minute));
    }

    @Test
    void a_window_is_final_once_its_end_lies_lateness_and_grace_back() {
        // Given
        SqlFixture views = views(BY_TEN_MINUTES);
        ride(views, 0, "a", 1L, 5);
        ride(views, 0, "b", 1L, 9);
        ride(views, 0, "c", 2L, 19);
        views.event("rides", 0, "d", 1L, 0.5, at(5)).flush();
        views.closeViews();
        String all = "SELECT since, vendor, rides, until, final FROM views.by_ten_minutes ORDER BY since, vendor";
        assertThat(views.rows(all))
                .containsExactly(
                        List.of(minute(0), 1L, 2L, minute(10), false), List.of(minute(10), 2L, 1L, minute(20), false));

        // When
        ride(views, 0, "e", 2L, 20).flush();
        views.closeViews();

        // Then
        assertThat(views.rows(all))
                .containsExactly(
                        List.of(minute(0), 1L, 2L, minute(10), true),
                        List.of(minute(10), 2L, 1L, minute(20), false),
                        List.of(minute(20), 2L, 1L, minute(30), false));
    }

    @Test
    void a_delete_in_backfilled_data_closes_no_window() {
        // Given
        SqlFixture views = views(BY_TEN_MINUTES);
        ride(views, 0, "a", 1L, 5).flush();

        // When
        views.deleteAt(at(1400) / 1000, "rides", 0, "a", null, null, null).flush();
        views.closeViews();
        ride(views, 0, "b", 1L, 6);
        ride(views, 0, "c", 1L, 20).flush();
        views.closeViews();

        // Then
        assertThat(views.rows("SELECT since, rides, final FROM views.by_ten_minutes ORDER BY since"))
                .containsExactly(List.of(minute(0), 2L, true), List.of(minute(20), 1L, false));
        assertThat(views.rows("SELECT * FROM leat.late_event")).isEmpty();
    }

    @Test
    void what_comes_too_late_leaves_the_final_row_and_is_kept_aside() {
        // Given
        SqlFixture views = views(BY_TEN_MINUTES);
        ride(views, 0, "a", 1L, 5);
        ride(views, 0, "b", 1L, 20).flush();
        views.closeViews();

        // When
        ride(views, 0, "late", 1L, 9);
        views.event("rides", 0, "unwanted", 1L, 0.5, at(9));
        ride(views, 0, "in time", 1L, 10);
        var applied = views.flush();

        // Then
        assertThat(views.rows("SELECT since, rides, final FROM views.by_ten_minutes ORDER BY since"))
                .containsExactly(
                        List.of(minute(0), 1L, true), List.of(minute(10), 1L, false), List.of(minute(20), 1L, false));
        assertThat(
                        views.rows(
                                "SELECT view, stream, topic, partition, \"offset\", event_time, window_end FROM leat.late_event"))
                .containsExactly(List.of("by_ten_minutes", "rides", "t.rides", 0, 2L, minute(9), minute(10)));
        assertThat(applied.get(new TopicPartition("t.rides", 0)).late()).isEqualTo(Map.of("by_ten_minutes", 1L));
    }

    @Test
    void an_event_is_late_for_some_of_its_hopping_windows_and_counts_in_the_others() {
        // Given
        SqlFixture views = views("""
                hopping: {sql: "SELECT hop('20 minutes', '10 minutes', at) AS since, count(*) AS rides FROM rides GROUP BY since"}
                """);
        ride(views, 0, "a", 1L, 25).flush();
        views.closeViews();

        // When
        ride(views, 0, "b", 1L, 9);
        ride(views, 0, "c", 1L, 12).flush();

        // Then
        assertThat(views.rows("SELECT since, rides, final FROM views.hopping ORDER BY since"))
                .containsExactly(List.of(minute(10), 2L, false), List.of(minute(20), 1L, false));
        assertThat(views.rows("SELECT \"offset\", window_end FROM leat.late_event ORDER BY 1, 2"))
                .containsExactly(List.of(1L, minute(10)), List.of(1L, minute(20)), List.of(2L, minute(20)));
    }

    @Test
    void windows_of_a_quiet_stream_become_final_by_the_wall_clock() {
        // Given
        SqlFixture views = views(BY_TEN_MINUTES + SESSIONS);
        ride(views, 0, "a", 1L, 5).flush();
        ride(views, 1, "b", 1L, 6).flush();
        views.complete().closeViews();
        assertThat(views.rows("SELECT final FROM views.by_ten_minutes")).containsExactly(List.of(false));

        // When
        views.clock(1440 + 15).complete().closeViews();

        // Then
        assertThat(views.rows("SELECT rides, final FROM views.by_ten_minutes")).containsExactly(List.of(2L, true));
        assertThat(views.rows("SELECT rides, final FROM views.sessions")).containsExactly(List.of(2L, true));
    }

    @Test
    void an_event_joins_two_sessions_across_lanes_and_restarts() {
        // Given
        SqlFixture views = views(SESSIONS);
        ride(views, 0, "a", 1L, 100);
        ride(views, 0, "x", null, 100);
        ride(views, 1, "b", 1L, 119).flush();
        String all = "SELECT vendor, since, rides, sum, session_end, final FROM views.sessions ORDER BY vendor, since";
        ride(views, 1, "y", null, 95);
        ride(views, 1, "c", 1L, 109).flush();
        assertThat(views.rows("SELECT since, rides FROM views.sessions WHERE vendor = 1 ORDER BY since"))
                .containsExactly(List.of(minute(100), 2L), List.of(minute(119), 1L));

        // When
        views.restart();
        ride(views, 1, "d", 1L, 110).flush();

        // Then
        assertThat(views.rows(all))
                .containsExactly(
                        List.of(1L, minute(100), 4L, 8.0, minute(129), false),
                        java.util.Arrays.asList(null, minute(95), 2L, 4.0, minute(110), false));
    }

    @Test
    void what_comes_too_late_for_a_session_is_kept_aside() {
        // Given
        SqlFixture views = views(SESSIONS);
        ride(views, 0, "a", 1L, 0);
        ride(views, 0, "b", 1L, 100).flush();
        views.closeViews();

        // When
        ride(views, 0, "late", 1L, 85);
        ride(views, 0, "in time", 1L, 86).flush();

        // Then
        assertThat(views.rows("SELECT since, rides, final FROM views.sessions ORDER BY since"))
                .containsExactly(
                        List.of(minute(0), 1L, true), List.of(minute(86), 1L, false), List.of(minute(100), 1L, false));
        assertThat(views.rows("SELECT \"offset\", event_time, window_end FROM leat.late_event"))
                .containsExactly(List.of(2L, minute(85), minute(95)));
    }

    @Test
    void a_final_session_stays_as_it_is_when_an_event_that_is_not_late_comes_near_it() {
        // Given
        SqlFixture views = views(SESSIONS);
        ride(views, 0, "a", 1L, 0);
        ride(views, 0, "b", 2L, 17).flush();
        views.closeViews();

        // When
        ride(views, 0, "c", 1L, 5).flush();

        // Then
        assertThat(views.rows(
                        "SELECT since, session_end, rides, final FROM views.sessions WHERE vendor = 1 ORDER BY 1"))
                .containsExactly(List.of(minute(0), minute(10), 1L, true), List.of(minute(5), minute(15), 1L, false));
    }

    @Test
    void a_window_that_is_not_grouped_by_is_an_ordinary_value() {
        // Given
        SqlFixture views = views("""
                placed: {sql: "SELECT id, tumble('10 minutes', at) AS since FROM rides"}
                hours: {sql: "SELECT tumble('1 hour', since) AS hour, count(*) AS rides FROM placed GROUP BY 1"}
                """);

        // When
        ride(views, 0, "a", 1L, 15);
        ride(views, 0, "b", 1L, 25).flush();

        // Then
        assertThat(views.rows("SELECT id, since FROM views.placed ORDER BY id"))
                .containsExactly(List.of("a", minute(10)), List.of("b", minute(20)));
        assertThat(views.rows("SELECT hour, rides FROM views.hours")).containsExactly(List.of(minute(0), 2L));
    }

    @Test
    void rows_become_final_once_each() {
        // Given
        SqlFixture views = views(BY_TEN_MINUTES + SESSIONS);
        ride(views, 0, "a", 1L, 5);
        ride(views, 0, "b", 1L, 9);
        ride(views, 0, "c", 2L, 19).flush();

        // Then
        assertThat(finalRows(views, "by_ten_minutes", 0, 10)).containsExactly(List.of(minute(0), 1L, 2L, minute(10)));
        assertThat(finalRows(views, "by_ten_minutes", 10, 20)).containsExactly(List.of(minute(10), 2L, 1L, minute(20)));
        assertThat(finalRows(views, "by_ten_minutes", 20, 30)).isEmpty();
        assertThat(finalRows(views, "sessions", 0, 18)).isEmpty();
        assertThat(finalRows(views, "sessions", 18, 19)).containsExactly(List.of(1L, minute(5), 2L, 4.0, minute(19)));
    }

    /** What a view has to say when it is closed from one minute through another. */
    private List<List<Object>> finalRows(SqlFixture views, String name, long from, long through) {
        SqlView view = new SqlView(
                views.pipeline(), "views", (View.Sql) views.pipeline().views().get(name), tx -> true);
        return database.inTransaction(tx -> {
            view.ensureInTransaction(tx, Map.of("rides", ValueRows.shape(COLUMNS.get("rides"))), Map.of());
            view.connect(null);
            List<List<Object>> rows = new ArrayList<>();
            tx.execute(view.finalRows().orElseThrow().rows(), Tuple.of(minute(from), minute(through)))
                    .forEach(row -> rows.add(IntStream.range(0, row.size())
                            .mapToObj(row::getValue)
                            .toList()));
            return rows;
        });
    }

    @Test
    void a_window_stays_for_as_long_as_it_is_retained() {
        // Given
        SqlFixture views = views("""
                counts: {retain: 30m, sql: "SELECT tumble('10 minutes', at) AS since, count(*) AS rides FROM rides GROUP BY since"}
                bursts: {retain: 30m, sql: "SELECT session('10 minutes', at) AS since, count(*) AS rides FROM rides GROUP BY since"}
                """);
        ride(views, 0, "a", 1L, 5);
        ride(views, 0, "b", 1L, 15);
        ride(views, 0, "c", 1L, 44).flush();
        views.closeViews();
        assertThat(views.rows("SELECT since, final FROM views.counts ORDER BY since"))
                .containsExactly(List.of(minute(0), true), List.of(minute(10), true), List.of(minute(40), false));

        // When
        ride(views, 0, "d", 1L, 55).flush();
        views.closeViews();

        // Then
        assertThat(views.rows("SELECT since FROM views.counts ORDER BY since"))
                .containsExactly(List.of(minute(40)), List.of(minute(50)));
        assertThat(views.rows("SELECT since, rides FROM views.bursts ORDER BY since"))
                .containsExactly(List.of(minute(15), 1L), List.of(minute(44), 1L), List.of(minute(55), 1L));
        assertThat(views.explain("counts").state())
                .containsExactly(
                        "\"views_state\".\"counts\" keeps the windows and the parts of their aggregates: since, _s1;"
                                + " windows that ended PT30M before what the view is closed through are deleted");
    }

    @Test
    void what_only_merging_needs_goes_when_the_window_is_final() {
        // Given
        SqlFixture views = views("""
                counts:
                  sql: |
                    SELECT tumble('10 minutes', at) AS since, count(DISTINCT vendor) AS vendors,
                           (array_agg(id ORDER BY total DESC))[1:2] AS best
                    FROM rides GROUP BY since
                """);
        ride(views, 0, "a", 1L, 5);
        ride(views, 0, "b", 2L, 6);
        ride(views, 0, "c", 2L, 14).flush();
        assertThat(views.explain("counts").state())
                .startsWith(
                        "\"views_state\".\"counts\" keeps the windows and the parts of their aggregates: since, _s1, _s2, _s3,"
                                + " _s4, _s5, _s6; windows stay, unless `retain:` says for how long",
                        "_s3, _s4, _s5, _s6 of it are emptied when a row is final",
                        "\"views_state\".\"counts#1\" keeps each value that a group has had, once, for count(DISTINCT …), until"
                                + " its window is final");

        // When
        ride(views, 0, "d", 3L, 15).flush();
        views.closeViews();

        // Then
        assertThat(views.rows("SELECT since, vendors, best[1], final FROM views.counts ORDER BY since"))
                .containsExactly(List.of(minute(0), 2L, "a", true), List.of(minute(10), 2L, "c", false));
        assertThat(views.rows("SELECT num_nulls(_s3, _s4, _s5, _s6) FROM views_state.counts ORDER BY since"))
                .containsExactly(List.of(4), List.of(0));
        assertThat(views.rows("SELECT since, _value FROM views_state.\"counts#1\" ORDER BY _value"))
                .containsExactly(List.of(minute(10), 2L), List.of(minute(10), 3L));
    }

    @Test
    void a_window_goes_to_its_topic_once_when_it_is_final() {
        // Given
        SqlFixture views = views("""
                counts:
                  to-topic: {topic: t.counts, emit: final}
                  sql: SELECT tumble('10 minutes', at) AS since, vendor, count(*) AS rides FROM rides GROUP BY since, vendor
                """);
        String emitted = "SELECT convert_from(key, 'UTF8'), source_offset FROM leat.outbox ORDER BY id";
        ride(views, 0, "a", 1L, 5);
        ride(views, 0, "b", 1L, 9);
        ride(views, 0, "c", 2L, 10).flush();
        views.closeViews();
        assertThat(views.rows(emitted)).isEmpty();

        // When
        ride(views, 0, "d", 2L, 45).flush();
        views.closeViews();
        views.closeViews();

        // Then
        assertThat(views.rows(emitted)).hasSize(2).allSatisfy(row -> assertThat(row.get(1))
                .isNull());
        assertThat(views.rows("SELECT since, vendor FROM views.counts WHERE final"))
                .hasSize(2);

        // When
        ride(views, 0, "late", 1L, 5).flush();
        ride(views, 0, "e", 2L, 120).flush();
        views.closeViews();

        // Then
        assertThat(views.rows(emitted)).hasSize(3);
    }
}
