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
            SELECT id FROM rides LIMIT 5 | ORDER BY, LIMIT and OFFSET belong to the question, not to the view: `?order=…&limit=…`, or a view over this one
            SELECT DISTINCT vendor FROM rides | DISTINCT can't be kept current; write GROUP BY with the same columns
            SELECT id FROM rides UNION SELECT id FROM rides | UNION and its like can't be kept current; declare a view for each SELECT, and a view over them
            WITH r AS (SELECT * FROM rides) SELECT id FROM r | WITH can't be kept current; declare what it names as a view of its own
            SELECT id, row_number() OVER (ORDER BY at) AS n FROM rides | column 12: a window function (OVER) needs all rows; ask for it in a view over a `log` or `latest` view
            SELECT vendor, percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median FROM rides GROUP BY vendor | column 16: the aggregate `percentile_cont` can't be merged from parts; ask for it in a view over a `log` or `latest` view, where Postgres computes it from all rows
            SELECT vendor, sum(DISTINCT total) AS s FROM rides GROUP BY vendor | column 16: `sum(DISTINCT …)` would need all values ever seen; group by the value in one view and aggregate that in a view over it
            SELECT count(*) AS n FROM rides GROUP BY vendor | column 42: `vendor` is grouped by but not selected; select it, so that each row can be told from the others
            SELECT vendor, total FROM rides GROUP BY vendor | column 16: Postgres says: column "rides.total" must appear in the GROUP BY clause or be used in an aggregate function
            SELECT vendor FROM rides | the result lacks id, the key of stream `rides`; select it as it is, name other columns in `key:`, or write `append: true` for rows of each event
            SELECT id, n FROM clicks | stream `clicks` has no key; name columns of the result in `key:`, or write `append: true` for rows of each event
            SELECT id, total * 2 FROM rides | a column has no name; give it one with AS
            SELECT id, total AS _offset FROM rides | column `_offset` is a name of Leat's own; call it otherwise
            SELECT id, total AS xmin FROM rides | column `xmin` is the name of a column that every table in Postgres has itself; call it otherwise
            SELECT id, total AS "äääääääääääääääääääääääääääääääää" FROM rides | column `äääääääääääääääääääääääääääääääää` has 66 bytes, and a name in Postgres has at most 63; call it otherwise
            SELECT id, total AS _last FROM rides | column `_last` is a name of Leat's own; call it otherwise
            SELECT id, point(total, total) AS p FROM rides | column `p` is of type point, which readers don't know; cast it, for instance to text
            SELECT id FROM (SELECT * FROM rides) r | a SELECT within FROM can't be kept current; declare it as a view of its own and read that: (SELECT * FROM rides) r
            SELECT id FROM rides_latest WHERE id IN (SELECT id FROM rides) | column 57: stream `rides` is read in a SELECT within the SELECT; a stream may only be in FROM or JOIN: declare a `latest` or `log` view of it and read that
            SELECT a.id FROM rides a JOIN rides b ON a.id = b.id | column 31: stream `rides` is joined with itself; declare a `log` view of it, and join the stream with that
            DELETE FROM rides | expected a SELECT
            SELECT id FROM v | column 16: a view can't read itself; name the streams and views that it is derived from
            SELECT vendor, string_agg(id, ',') AS ids FROM rides GROUP BY vendor | column 16: `string_agg` would keep every element that ever comes; set `bound:` on the view to how many it may keep, or write `(array_agg(x ORDER BY y))[1:10]`
            SELECT vendor, count(*) AS n FROM rides GROUP BY GROUPING SETS ((vendor), ()) | GROUPING SETS can't be kept current; declare a view for each of them
            SELECT r.id FROM rides r RIGHT JOIN rides_latest l ON l.id = r.id | RIGHT and FULL JOIN can't be kept current; begin with the stream and write LEFT JOIN
            SELECT id FROM rides FOR UPDATE | FOR UPDATE has no meaning in a view; leave it out
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
