package dev.leat.view.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
