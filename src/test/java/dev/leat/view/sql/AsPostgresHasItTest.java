package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SELECTs that are easily understood otherwise than Postgres understands them: the view has what Postgres answers over all
 * events at once, or it is refused with what to write instead.
 */
class AsPostgresHasItTest {

    private static final String STREAMS = """
            streams:
              ev: {topic: t.ev, key: id, event-time: at}
              odd: {topic: t.odd, key: id, event-time: at}
            views:
              ev_log: {log: ev}
              ev_latest: {latest: ev}
            """;
    private static final Map<String, String> COLUMNS = Map.of(
            "ev", "id:STRING! k:STRING s:STRING n:INT limit:INT at:TIMESTAMP! tags:JSON",
            "odd", "id:STRING! _row:INT value:INT order:STRING at:TIMESTAMP!");

    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
        database.run("CREATE SCHEMA oracle; CREATE TABLE oracle.ev (id text, k text, s text, n int, \"limit\" int,"
                + " at timestamptz, tags jsonb); CREATE TABLE oracle.odd (id text, _row int, value int, \"order\" text,"
                + " at timestamptz)");
    }

    @AfterEach
    void end() {
        database.close();
    }

    private SqlFixture view(String options, String select) {
        return new SqlFixture(
                database,
                STREAMS + "  v:\n"
                        + (options == null ? "" : options.replace("; ", "\n").indent(4))
                        + "    sql: |\n      " + select.strip() + "\n",
                COLUMNS);
    }

    private void event(SqlFixture views, String stream, int partition, Object... values) {
        views.event(stream, partition, values);
        StringBuilder row = new StringBuilder();
        for (Object value : values) {
            row.append(row.isEmpty() ? "" : ", ")
                    .append(
                            value instanceof String text
                                    ? "'" + text.replace("'", "''") + "'"
                                    : value instanceof Long micros
                                            ? "to_timestamp(" + micros + " / 1000000.0)"
                                            : value);
        }
        database.run("INSERT INTO oracle." + stream + " VALUES (" + row + ")");
    }

    private void events(SqlFixture views) {
        event(views, "ev", 0, "a", "K", " x ", 1, 10, 1_000_000L, "[\"p\", \"q\"]");
        event(views, "ev", 0, "b", "k", "A", 2, 20, 2_000_000L, "[]");
        event(views, "odd", 0, "a", 1, 7, "x", 1_000_000L);
        views.flush();
        event(views, "ev", 1, "c", "K", "a", 3, 5, 3_700_000_000L, "[\"r\"]");
        event(views, "ev", 1, "d", null, "B", 4, null, 4_000_000_000L, null);
        event(views, "odd", 1, "b", 1, 9, "y", 2_000_000L);
        views.flush();
        views.restart();
        event(views, "ev", 0, "e", "k", "now", 5, 7, 5_000_000L, "{\"x\": 1}");
        event(views, "ev", 0, "f", "K", "B", null, 7, 6_000_000L, "[]");
        event(views, "odd", 0, "c", 2, 9, "y", 3_000_000L);
        views.flush();
    }

    private void requireAsOracle(SqlFixture views, String select) {
        String json =
                "SELECT (to_jsonb(_x) - '{_id,_partition,_offset,_timestamp,_time,_all,final,window_end}'::text[])::text FROM (%s) _x ORDER BY 1";
        String own = select.contains("_row") ? "" : " - '_row'";
        String oracle = select.replaceAll("(?<=FROM |JOIN )\"?\\b(ev|odd)\\b\"?", "oracle.$1");
        assertThat(views.rows(json.formatted("SELECT * FROM views.v").replace("::text[])", "::text[]" + own + ")")))
                .isEqualTo(database.rows(json.formatted(oracle)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
            append: true ¦ SELECT id, trim(both from s) AS t FROM ev
            append: true ¦ SELECT id, substring(s FROM 2) AS t FROM ev
            append: true ¦ SELECT id, overlay(s placing k from 1) AS t, position(k IN s) AS p FROM ev
            append: true ¦ SELECT id, to_jsonb(ev) AS j FROM ev
            append: true ¦ SELECT id, to_jsonb(e) AS j, (e).k AS s FROM ev e
            append: true ¦ SELECT id, extract(hour FROM at) AS h, s LIKE 'A%' AS l, s SIMILAR TO 'A' AS m FROM ev WHERE n IS DISTINCT FROM 3
            append: true ¦ SELECT id, CASE k WHEN 'K' THEN s END AS c, coalesce(s, k) AS d, n BETWEEN "limit" AND 9 AS e FROM ev
                         ¦ SELECT k, count(*) FILTER (WHERE s = E'A') AS a, count(*) FILTER (WHERE s = E'a') AS b FROM ev GROUP BY k
                         ¦ SELECT k, count(*) FILTER (WHERE s = $$A$$) AS a, count(*) FILTER (WHERE s = $$a$$) AS b FROM ev GROUP BY k
                         ¦ SELECT k, min(s COLLATE "en-x-icu") AS m, max(s COLLATE "en-x-icu") AS x, min(s) AS y FROM ev GROUP BY k
                         ¦ SELECT k, sum(n) AS t FROM ev GROUP BY k HAVING count(*) > 1
                         ¦ SELECT k, sum(n) AS t FROM ev GROUP BY k HAVING max("limit") > 9 AND bool_or(s = 'a')
                         ¦ SELECT lower(k) AS g, count(*) AS c FROM ev GROUP BY g
                         ¦ SELECT lower(k) AS k, count(*) AS c FROM ev GROUP BY k
                         ¦ SELECT DISTINCT trim(both from s) AS t, k FROM ev
                         ¦ SELECT sum(DISTINCT n) AS t, percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS p FROM ev
                         ¦ SELECT k, lower(k) AS l, count(*) AS c FROM ev GROUP BY k
                         ¦ SELECT k, lower(ev.k) AS l, count(*) AS c FROM ev GROUP BY ev.k
                         ¦ SELECT LOWER(k) AS l, upper(lower(k)) AS u, count(*) AS c FROM ev GROUP BY lower( k )
            append: true ¦ SELECT id, q.limit AS l FROM ev q WHERE q.limit > 5
                         ¦ SELECT k, max(q.limit) AS m FROM ev q GROUP BY k
                         ¦ SELECT q.limit AS l, count(*) AS c FROM ev q GROUP BY q.limit
                         ¦ SELECT id, q.order AS o, q.value AS v FROM odd q
                         ¦ SELECT k, count(*) AS c FROM "ev" GROUP BY k
                         ¦ SELECT k, n, count(*) AS c FROM ev GROUP BY (k, n)
                         ¦ SELECT k, n, count(*) AS c FROM ev GROUP BY (k), (n)
                         ¦ SELECT k, count(*) AS c FROM ev AS _value GROUP BY k
                         ¦ SELECT _row AS r, count(*) AS c, sum(value) AS x FROM odd GROUP BY _row
            append: true ¦ SELECT id, _row AS r FROM odd
                         ¦ SELECT id, _row + 1 AS r FROM odd
                         ¦ SELECT k, (array_agg(s ORDER BY id))[1:2] AS f FROM ev GROUP BY k
                         ¦ SELECT tumble('1 hour', (at)) AS w, count(*) AS c FROM ev GROUP BY w
                         ¦ SELECT tumble('1 hour', ( ev.at ) ) AS w, k, count(*) AS c FROM ev GROUP BY w, k
                         ¦ SELECT count(*) AS c, sum(n) AS t, (array_agg(id ORDER BY id))[1:9] AS i FROM ev
                         ¦ SELECT count(DISTINCT s) AS c FROM ev HAVING count(*) > 2
                         ¦ SELECT count(*) AS c FROM ev WHERE s IN ('now', 'today')
                         ¦ SELECT k, count(*) AS "limit", max(n) AS "Group" FROM ev GROUP BY k
            append: true ¦ SELECT id, (s || 'T') COLLATE "C" AS t FROM ev
            append: true ¦ SELECT id, to_date('2020-01-0' || n, 'YYYY-MM-DD') AS d FROM ev WHERE n IS NOT NULL
            """)
    void a_view_has_what_postgres_answers(String options, String select) {
        // Given
        SqlFixture views = view(options, select);

        // When
        events(views);

        // Then
        requireAsOracle(views, select);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
            to-topic: x  ¦ SELECT lower(k) AS k, count(*) AS c FROM ev GROUP BY k ¦ `k` is grouped by but not selected
            to-topic: x  ¦ SELECT sum(DISTINCT n) AS t FROM ev ¦ `sum(DISTINCT …)` would need all values ever seen
            to-topic: x  ¦ SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS t FROM ev ¦ the aggregate `percentile_cont` can't be merged from parts
                         ¦ SELECT DISTINCT k, now() AS x FROM ev ¦ `now` isn't immutable
                         ¦ SELECT k FROM ev UNION SELECT 'now'::timestamptz::text FROM ev ¦ `'now'` is the clock's time
                         ¦ SELECT s AS _value, count(*) AS c FROM ev GROUP BY s ¦ column `_value` is a name of Leat's own; call it otherwise
                         ¦ SELECT k, count(*) AS c FROM ev GROUP BY ROLLUP (k) ¦ ROLLUP, CUBE and GROUPING SETS can't be kept current
                         ¦ SELECT k, count(*) AS c FROM ev GROUP BY CUBE (k) ¦ ROLLUP, CUBE and GROUPING SETS can't be kept current
            append: true ¦ SELECT id, unnest(tags) AS t FROM ev ¦ An array of records is kept as jsonb; write jsonb_array_elements(…)
                         ¦ SELECT k, (array_agg(s))[2:] AS f FROM ev GROUP BY k ¦ column 12: `array_agg` would keep every element that ever comes
            append: true ¦ SELECT k, count(*) AS c FROM ev GROUP BY k ¦ `append:`
            key: [c]     ¦ SELECT k, count(*) AS c FROM ev GROUP BY k ¦ `key:`
            grace: 1h    ¦ SELECT k, count(*) AS c FROM ev GROUP BY k ¦ `grace:`
            grace: 1h    ¦ SELECT id, k FROM ev ¦ `grace:`
                         ¦ SELECT ev.id, l.n FROM ev JOIN ev_log l ON l.id = ev.id ¦ several rows
                         ¦ SELECT id, now() AS x FROM ev ¦ `now` isn't immutable
            append: true ¦ SELECT id, localtimestamp AS x FROM ev ¦ localtimestamp is another one each time
            append: true ¦ SELECT id, 'now'::timestamptz AS x FROM ev ¦ `'now'` is the clock's time
            append: true ¦ SELECT id, "random"() AS x FROM ev ¦ `random` isn't immutable
            append: true ¦ SELECT id, (SELECT now()) AS x FROM ev ¦ `now` isn't immutable
            append: true ¦ SELECT id, (SELECT pg_read_file('x')) AS x FROM ev ¦ `pg_read_file` isn't immutable
                         ¦ SELECT k, count(*) AS c FROM ev GROUP BY k HAVING max(at) > now() ¦ `now` isn't immutable
            """)
    void what_cant_be_as_postgres_has_it_is_refused(String options, String select, String message) {
        assertThatThrownBy(() -> view(options, select))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("pipeline.yaml:")
                .hasMessageContaining("views.v")
                .hasMessageContaining(message);
    }

    @Test
    void the_one_row_of_a_select_without_groups_is_there_before_any_event() {
        // When
        SqlFixture views = view(null, "SELECT count(*) AS c, sum(n) AS t, max(s) AS m FROM ev WHERE n > 1");

        // Then
        requireAsOracle(views, "SELECT count(*) AS c, sum(n) AS t, max(s) AS m FROM ev WHERE n > 1");
        assertThat(views.rows("SELECT c FROM views.v")).containsExactly(List.of(0L));
    }

    @Test
    void an_event_that_where_drops_is_not_late_for_a_join() {
        // Given
        SqlFixture views = view(
                "append: true",
                "SELECT ev.id, o.value FROM ev JOIN odd o ON o.id = ev.id AND o.at BETWEEN ev.at AND ev.at + interval '5 minutes'"
                        + " WHERE ev.n BETWEEN 1 AND 5 AND (o.value > 3 OR o.value < 0) AND ev.n + o.value <> 7 AND k = 'K'");
        views.event("ev", 0, "a", "K", "x", 1, 1, 6_000_000_000L, "[]")
                .event("odd", 0, "a", 1, 4, "x", 6_000_000_000L)
                .flush();
        views.closeViews();

        // When
        views.event("ev", 0, "wanted", "K", "x", 1, 1, 1_000_000L, "[]")
                .event("ev", 0, "dropped", "K", "x", 6, 1, 1_000_000L, "[]")
                .event("ev", 0, "dropped too", "k", "x", 1, 1, 1_000_000L, "[]")
                .event("odd", 0, "wanted", 1, 4, "x", 1_000_000L)
                .event("odd", 0, "dropped", 1, 3, "x", 1_000_000L)
                .flush();

        // Then
        assertThat(views.rows("SELECT stream, \"offset\" FROM leat.late_event ORDER BY stream, \"offset\""))
                .containsExactly(List.of("ev", 1L), List.of("odd", 1L));
    }

    @Test
    void as_of_is_written_out_beside_a_function_in_from() {
        // Given
        SqlFixture views = new SqlFixture(database, STREAMS + """
                          ev_history: {history: ev}
                          v:
                            append: true
                            sql: SELECT o.id, t AS tag, h.n FROM odd o JOIN ev_history h ON h.id = o.id AND as_of(h, o.at) CROSS JOIN jsonb_array_elements_text(h.tags) AS t
                          w:
                            append: true
                            sql: SELECT o.id, t AS tag, h.n FROM odd o CROSS JOIN ev_history h CROSS JOIN jsonb_array_elements_text(h.tags) AS t WHERE h.id = o.id AND as_of(h, o.at)
                          x:
                            append: true
                            sql: SELECT o.id, t AS tag FROM odd o, ev_history h, jsonb_array_elements_text(CASE WHEN as_of(h, o.at) THEN h.tags ELSE '[]' END) AS t WHERE h.id = o.id
                        """, COLUMNS);

        // When
        views.event("ev", 0, "a", "K", "x", 1, 1, 1_000_000L, "[\"p\"]").flush();
        views.event("ev", 0, "a", "K", "x", 2, 1, 5_000_000L, "[\"q\", \"r\"]").flush();
        views.event("odd", 0, "a", 1, 4, "x", 2_000_000L).flush();

        // Then
        assertThat(views.rows("SELECT id, tag, n FROM views.v")).containsExactly(List.of("a", "p", 1));
        assertThat(views.rows("SELECT id, tag, n FROM views.w")).containsExactly(List.of("a", "p", 1));
        assertThat(views.rows("SELECT id, tag FROM views.x")).containsExactly(List.of("a", "p"));
    }

    @Test
    void a_long_name_of_a_view_is_not_cut() {
        // Given
        String longest = "a".repeat(44);
        String select =
                "SELECT e.k, count(DISTINCT e.s) AS a, count(DISTINCT o.value) AS b, round(sum(o.value) / sum(e.n)) AS c"
                        + " FROM ev e %s odd o ON o.id = e.id AND o.at BETWEEN e.at AND e.at + interval '5 minutes' GROUP BY e.k";
        SqlFixture views = new SqlFixture(
                database,
                STREAMS + "  " + longest + ":\n    sql: " + select.formatted("LEFT JOIN") + "\n  " + longest
                        + "b:\n    sql: "
                        + select.formatted("JOIN") + "\n  " + "c".repeat(48)
                        + ":\n    sql: SELECT k, count(DISTINCT s) AS a,"
                        + " count(DISTINCT n) AS b FROM ev GROUP BY k\n",
                COLUMNS);

        // When
        events(views);

        // Then
        String oracle = "SELECT a, b, c::int FROM ("
                + select.formatted("JOIN").replaceAll("(?<= )(ev|odd)(?= [eo] )", "oracle.$1") + ") _x ORDER BY k";
        assertThat(views.rows("SELECT a, b, c::int FROM views." + longest + "b ORDER BY k"))
                .isEqualTo(database.rows(oracle));
        assertThat(views.rows("SELECT a, b FROM views." + "c".repeat(48) + " ORDER BY k"))
                .isEqualTo(database.rows(
                        "SELECT count(DISTINCT s), count(DISTINCT n) FROM oracle.ev GROUP BY k ORDER BY k"));
    }

    @Test
    void a_text_that_is_read_as_a_time_is_never_the_clock() {
        // Given
        SqlFixture views = new SqlFixture(database, STREAMS + """
                          v:
                            append: true
                            sql: SELECT id, s::date AS a, CAST(k || '' AS timestamptz) AS b, (tags ->> 'at')::timestamp AS c, (string_to_array(k, ','))[1]::text::date AS d, at::date AS e FROM ev WHERE lower(s)::date > '2020-01-01'
                          w:
                            sql: SELECT s::date AS d, max(k::date) AS m, count(*) AS n FROM ev GROUP BY s::date HAVING max(k::date) > '2020-01-01'
                        """, COLUMNS);

        // When
        views.event("ev", 0, "a", "2021-05-06", "2022-01-02", 1, 1, 0L, "{\"at\": \"2023-01-01 10:00\"}")
                .event("ev", 0, "b", "2021-05-06", "Now", 1, 1, 0L, "{\"at\": \"2023-01-01 10:00\"}")
                .event("ev", 0, "c", "2021-05-06", "2022-01-02", 1, 1, 0L, "{\"at\": \" today\"}")
                .flush();

        // Then
        assertThat(views.rows("SELECT id, a::text, b::text, c::text, d::text, e::text FROM views.v"))
                .containsExactly(List.of(
                        "a",
                        "2022-01-02",
                        "2021-05-06 00:00:00+00",
                        "2023-01-01 10:00:00",
                        "2021-05-06",
                        "1970-01-01"));
        assertThat(views.rows("SELECT d::text, m::text, n FROM views.w"))
                .containsExactly(List.of("2022-01-02", "2021-05-06", 2L));
        assertThat(views.rows("SELECT count(*) FROM leat.dead_letter WHERE message LIKE '%may not be the clock%'"))
                .containsExactly(List.of(3L));
    }
}
