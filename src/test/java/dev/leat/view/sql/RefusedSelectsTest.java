package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.leat.pipeline.PipelineException;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can't be kept is refused with a message that a person can act on. Those of windows and joins have their own tests. */
class RefusedSelectsTest {

    private static final String STREAMS = """
            streams:
              rides: {topic: t.rides, key: id, event-time: at}
              clicks: {topic: t.clicks}
            views:
              rides_latest: {latest: rides}
            """;

    private static ViewsFixture database;

    @BeforeAll
    static void begin() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void end() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT id, nope FROM rides | column 12: Postgres says: column "nope" does not exist
            SELECT id, upper(total) FROM rides | column 12: Postgres says: function upper(double precision) does not exist (No function matches the given name and argument types. You might need to add explicit type casts.)
            SELECT id FROM ride | column 16: there is no stream and no view `ride`; streams are rides, clicks
            SELECT id FROM rides WHERE | column 22: didn't expect `WHERE` here
            SELECT id, now() AS n FROM rides | column 12: `now` isn't immutable: it may give another result when the view is rebuilt; use the event's own fields
            SELECT id, random() AS n FROM rides | column 12: `random` isn't immutable: it may give another result when the view is rebuilt; use the event's own fields
            SELECT id, current_date AS d FROM rides | current_date is another one each time that it is asked; use the event's time
            SELECT id FROM rides ORDER BY id | ORDER BY, LIMIT and OFFSET belong to the question, not to the view: `?order=…&limit=…`, or a view over this one
            SELECT vendor, total FROM rides GROUP BY vendor | column 16: Postgres says: column "rides.total" must appear in the GROUP BY clause or be used in an aggregate function
            SELECT vendor FROM rides | the result lacks id, the key of stream `rides`; select it as it is, name other columns in `key:`, or write `append: true` for rows of each event
            SELECT id, n FROM clicks | stream `clicks` has no key; name columns of the result in `key:`, or write `append: true` for rows of each event
            SELECT id, total * 2 FROM rides | a column has no name; give it one with AS
            SELECT id, total AS _offset FROM rides | column `_offset` is a name of Leat's own; call it otherwise
            SELECT id, total AS xmin FROM rides | column `xmin` is the name of a column that every table in Postgres has itself; call it otherwise
            SELECT id, total AS "äääääääääääääääääääääääääääääääää" FROM rides | column `äääääääääääääääääääääääääääääääää` has 66 bytes, and a name in Postgres has at most 63; call it otherwise
            SELECT id, total AS _last FROM rides | column `_last` is a name of Leat's own; call it otherwise
            SELECT id, point(total, total) AS p FROM rides | column `p` is of type point, which readers don't know; cast it, for instance to text
            DELETE FROM rides | expected a SELECT
            SELECT id FROM v | column 16: a view can't read itself; name the streams and views that it is derived from
            SELECT vendor, string_agg(id, ',') AS ids FROM rides GROUP BY vendor | column 16: `string_agg` would keep every element that ever comes; set `bound:` on the view to how many it may keep, or write `(array_agg(x ORDER BY y))[1:10]`
            SELECT id FROM rides LIMIT 5 | column 22: LIMIT without ORDER BY takes any rows, others each time; write ORDER BY before it
            SELECT vendor, count(*) AS n FROM rides GROUP BY GROUPING SETS ((vendor), ()) | column 50: ROLLUP, CUBE and GROUPING SETS can't be kept current; write a SELECT for each of them, with UNION ALL between
            SELECT vendor, count(*) AS n FROM rides GROUP BY ROLLUP (vendor) | column 50: ROLLUP, CUBE and GROUPING SETS can't be kept current; write a SELECT for each of them, with UNION ALL between
            SELECT id FROM rides FOR UPDATE | column 22: FOR UPDATE has no meaning in a view; leave it out
            SELECT DISTINCT b.vendor FROM rides AS a NATURAL JOIN rides AS b | column 42: NATURAL JOIN follows whatever columns come; write ON or USING
            SELECT DISTINCT vendor, total AS _id FROM rides | column `_id` is a name of Leat's own; call it otherwise
            SELECT DISTINCT vendor FROM rides ORDER BY vendor | column 35: ORDER BY alone belongs to the question, not to the view: `?order=…`; with LIMIT it says which rows there are
            SELECT vendor + 0 AS c0, vendor + 1 AS c1, vendor + 2 AS c2, vendor + 3 AS c3, vendor + 4 AS c4, vendor + 5 AS c5, vendor + 6 AS c6, vendor + 7 AS c7, vendor + 8 AS c8, vendor + 9 AS c9, vendor + 10 AS c10, vendor + 11 AS c11, vendor + 12 AS c12, vendor + 13 AS c13, vendor + 14 AS c14, vendor + 15 AS c15, vendor + 16 AS c16, vendor + 17 AS c17, vendor + 18 AS c18, vendor + 19 AS c19, vendor + 20 AS c20, vendor + 21 AS c21, vendor + 22 AS c22, vendor + 23 AS c23, vendor + 24 AS c24, vendor + 25 AS c25, vendor + 26 AS c26, vendor + 27 AS c27, vendor + 28 AS c28, vendor + 29 AS c29, vendor + 30 AS c30, vendor + 31 AS c31, vendor + 32 AS c32, count(*) AS n FROM rides GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33 | rows are told apart by 33 columns, and an index of Postgres has at most 32; make one of several, as with jsonb_build_array(…)
            SELECT DISTINCT vendor * 2 FROM rides | a column has no name; give it one with AS
            SELECT DISTINCT vendor FROM (rides JOIN clicks ON true) | column 29: a join in parentheses: write it as (SELECT … FROM …) with an alias
            """)
    void a_select_is_refused_with_its_place(String select, String message) {
        assertThatThrownBy(() -> new SqlFixture(
                        database,
                        STREAMS + "  v:\n    sql: |\n      " + select.strip() + "\n",
                        Map.of(
                                "rides",
                                "id:STRING! vendor:LONG total:DOUBLE at:TIMESTAMP!",
                                "clicks",
                                "id:STRING! n:INT")))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith("pipeline.yaml:8: views.v.sql: " + message);
    }

    @Test
    void a_view_is_not_called_as_a_table_that_keeps_events_of_a_join() {
        assertThatThrownBy(() -> SqlFixture.read("""
                        streams:
                          orders: {topic: t.orders, event-time: at}
                          payments: {topic: t.payments, event-time: at}
                        views:
                          shop__orders: {log: orders}
                          shop:
                            append: true
                            sql: SELECT o.id FROM orders o JOIN payments p ON o.id = p.id AND p.at BETWEEN o.at AND o.at + '1h'
                        """))
                .isInstanceOf(PipelineException.class)
                .hasMessageEndingWith(
                        "pipeline.yaml:5: views.shop__orders: view `shop` keeps the events of stream `orders` under"
                                + " this name; rename one of the two views");
    }

    /** The one parser takes such a word for a name, the other for the beginning of a join. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a.id FROM rides AS a JOIN right AS r ON r.id = a.id",
                "SELECT a.id FROM rides AS a, right AS r",
                "SELECT id FROM right",
                "SELECT a.id FROM rides AS a LEFT JOIN right ON right.id = a.id"
            })
    void a_stream_that_is_called_as_a_word_of_sql_is_refused_where_it_is_not_quoted(String select) {
        String yaml = """
                streams:
                  rides: {topic: t.rides, key: id, event-time: at}
                  right: {topic: t.right, key: id, event-time: at}
                views:
                  v: {append: true, sql: "%s"}
                """;
        Map<String, String> columns = Map.of("rides", "id:STRING! at:TIMESTAMP!", "right", "id:STRING! at:TIMESTAMP!");

        assertTimeoutPreemptively(Deadline.GENEROUS, () -> assertThatThrownBy(
                        () -> new SqlFixture(database, yaml.formatted(select), columns))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("pipeline.yaml:5: views.v.sql: column "));
    }
}
