package dev.leat.view.sql.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.SqlText;
import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.ViewsFixture;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clocks, chance, the session, the catalogue and files, wherever they are and however they are written. */
class SameEachTimeTest {

    private static ViewsFixture database;

    @BeforeAll
    static void begin() {
        database = new ViewsFixture();
        database.run("""
                CREATE FUNCTION public.lucky(integer) RETURNS integer LANGUAGE sql STABLE RETURN $1 + 1;
                CREATE FUNCTION public.fixed(integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + 1;
                CREATE FUNCTION public.now(integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + 1;
                CREATE FUNCTION public.chance(integer, integer) RETURNS integer LANGUAGE sql VOLATILE RETURN $1 + $2;
                CREATE AGGREGATE public.most(integer) (SFUNC = chance, STYPE = integer);
                CREATE OPERATOR public.<~> (FUNCTION = chance, LEFTARG = integer, RIGHTARG = integer);
                CREATE TYPE public.mood AS ENUM ('now', 'then')""");
    }

    @AfterAll
    static void end() {
        database.close();
    }

    private static void check(String select) {
        database.inTransaction(tx -> {
            tx.execute("SAVEPOINT test");
            try {
                StandIns.create(
                        tx,
                        "ev",
                        ValueRows.shape("id:STRING! s:STRING n:INT at:TIMESTAMP! d:DATE tags:JSON")
                                .columns());
                StandIns.lookUpFirst(tx, "views");
                Resolver resolver = new Resolver(tx);
                Resolution resolution = resolver.resolve(select);
                SameEachTime.require(new SqlText(select, "p.yaml", 1, "v"), resolution, resolution, resolver);
                return null;
            } finally {
                tx.undoTo("test");
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT now() AS x FROM ev | column 8: `now` isn't immutable
            SELECT id, "random"() AS x FROM ev | column 12: `random` isn't immutable
            SELECT pg_catalog.random() AS x FROM ev | column 19: `random` isn't immutable
            SELECT (SELECT now()) AS x FROM ev | column 16: `now` isn't immutable
            SELECT (SELECT pg_read_file('x')) AS x FROM ev | column 16: `pg_read_file` isn't immutable
            SELECT id FROM ev GROUP BY id, now() | column 32: `now` isn't immutable
            SELECT id FROM ev GROUP BY id HAVING clock_timestamp() > max(at) | column 38: `clock_timestamp` isn't immutable
            SELECT id FROM ev WHERE EXISTS (SELECT 1 FROM ev e WHERE e.at > statement_timestamp()) | `statement_timestamp` isn't immutable
            SELECT count(*) FILTER (WHERE at < transaction_timestamp()) AS n FROM ev | `transaction_timestamp` isn't immutable
            WITH x AS (SELECT gen_random_uuid() AS u FROM ev) SELECT u FROM x | `gen_random_uuid` isn't immutable
            SELECT age(at, at) AS a, age(at) AS x FROM ev | column 26: `age` isn't immutable
            SELECT current_setting('x') AS x FROM ev | column 8: `current_setting` isn't immutable
            SELECT lucky(n) AS x FROM ev | column 8: `lucky` isn't immutable: it may give another result when the view is rebuilt; if it always gives the same for the same arguments, declare it IMMUTABLE
            SELECT most(n) AS x FROM ev | `most` isn't immutable
            SELECT n <~> 1 AS x FROM ev | `chance` isn't immutable
            SELECT id FROM ev TABLESAMPLE system (10) | `system` isn't immutable
            SELECT localtimestamp AS x FROM ev | localtimestamp is another one each time
            SELECT LOCALTIME(0) AS x FROM ev | LOCALTIME is another one each time
            SELECT (SELECT current_timestamp) AS x FROM ev | current_timestamp is another one each time
            SELECT id FROM ev WHERE s = current_user | current_user is that of Leat's own session
            SELECT current_schema AS x FROM ev | current_schema is that of Leat's own session
            SELECT 'now'::timestamptz AS x FROM ev | column 8: `'now'` is the clock's time when the view is made
            SELECT id FROM ev WHERE at < 'tomorrow' | column 30: `'tomorrow'` is the clock's time
            SELECT date 'Today' AS x FROM ev | column 13: `'Today'` is the clock's time
            SELECT time 'now' AS x FROM ev | column 13: `'now'` is the clock's time
            SELECT '{now}'::timestamptz[] AS x FROM ev | column 8: `'{now}'` is the clock's time
            SELECT id FROM ev WHERE at <@ '[today,tomorrow)'::tstzrange | column 31: `'[today,tomorrow)'` is the clock's time
            SELECT E'n\\x6fw'::date AS x FROM ev | `E'n\\x6fw'` is the clock's time
            SELECT U&'\\006eow'::date AS x FROM ev | `U&'\\006eow'` is the clock's time
            SELECT U&'!006eow' UESCAPE '!'::date AS x FROM ev | is the clock's time
            SELECT $$now$$::date AS x FROM ev | `$$now$$` is the clock's time
            SELECT $x$ yesterday $x$::date AS x FROM ev | is the clock's time
            SELECT at > 'today 12:00' AS x FROM ev | column 13: `'today 12:00'` is the clock's time
            SELECT at > 'today' AS x, count(*) FROM ev GROUP BY at > 'today' | column 13: `'today'` is the clock's time
            SELECT 'now' AS a, d = 'now' AS x FROM ev | `'now'` is the clock's time
            SELECT ('now'::text)::timestamptz AS x FROM ev | a value of type text is cast to timestamp with time zone
            SELECT s::date AS x FROM ev | a value of type text is cast to date
            SELECT string_to_array(s, ',')::date[] AS x FROM ev | a value of type text is cast to date
            SELECT date_in('now') AS x FROM ev | `date_in` isn't immutable
            SELECT s::regclass AS x FROM ev | `regclass` isn't immutable
            SELECT 'ev'::regclass AS x FROM ev | a constant of type regclass is looked up in Postgres's catalogue
            SELECT id FROM ev WHERE s IN (SELECT rolname FROM pg_roles) | `pg_roles` is neither a stream nor a view
            SELECT ctid AS x FROM ev | column 8: `ctid` is a column of Postgres's own
            SELECT id FROM ev WHERE xmin IS NOT NULL | `xmin` is a column of Postgres's own
            SELECT d::timetz AS x FROM (SELECT time '10:00' AS d FROM ev) x | `timetz` isn't immutable
            """)
    void what_may_be_another_each_time_is_refused(String select, String message) {
        assertThatThrownBy(() -> check(select))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("p.yaml:1: v: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', textBlock = """
            SELECT id FROM ev WHERE s = 'now'
            SELECT s = 'now' AS x, count(*) FROM ev GROUP BY s = 'now'
            SELECT id FROM ev WHERE s LIKE '%tomorrow%' AND s ~ 'now'
            SELECT id FROM ev WHERE tags @> '{"when": "now"}' OR tags ->> 'today' IN ('now', 'x')
            SELECT id FROM ev WHERE s = ANY ('{now,today}'::text[])
            SELECT 'now'::public.mood AS x FROM ev
            SELECT 'know'::text AS x, 'nowhere' AS y FROM ev
            SELECT id /* 'now'::date */ FROM ev -- now()
            SELECT "n" AS "now" FROM ev WHERE at > '2020-01-01'
            SELECT fixed(n) AS x FROM ev
            SELECT now(n) AS x FROM ev
            SELECT age(at, at) AS x FROM ev
            SELECT at::date AS a, at::text AS b, to_char(at, 'YYYY') AS c, date_trunc('day', at) AS e, to_jsonb(ev) AS f FROM ev
            SELECT at + interval '1 month' AS a, s || n AS b, s || tags AS c, extract(hour FROM at) AS e FROM ev
            SELECT jsonb_agg(n) AS a, json_object_agg(id, n) AS b, concat_ws(',', s, at) AS c FROM ev GROUP BY s, at
            SELECT to_tsvector(s) @@ to_tsquery('english', 'now') AS x FROM ev
            SELECT s::interval AS a, s::int[] AS b, s::numeric(5,2) AS c, s::uuid AS e, s::mood AS f FROM ev
            SELECT d < at AS a, d::timestamptz AS b, at AT TIME ZONE 'UTC' AS c FROM ev
            SELECT to_date(s, 'YYYY-MM-DD') AS a, 'epoch'::timestamptz AS b FROM ev
            SELECT sha256(convert_to(s, 'UTF8')) AS x FROM ev
            """)
    void what_is_the_same_each_time_is_accepted(String select) {
        assertThatCode(() -> check(select)).doesNotThrowAnyException();
    }

    @Test
    void the_functions_of_the_list_exist_and_none_is_volatile() {
        // When
        List<List<Object>> known = database.rows("""
                SELECT proname || '(' || oidvectortypes(proargtypes) || ')' FROM pg_proc
                WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile <> 'v'""");

        // Then
        assertThat(known).map(row -> (String) row.getFirst()).contains(AllowedFunctions.signatures());
    }
}
