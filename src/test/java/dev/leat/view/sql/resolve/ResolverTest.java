package dev.leat.view.sql.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.schema.types.ValueRows;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.sql.resolve.tree.SqlValue;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Postgres says of a SELECT, on the Postgres of the local stack. */
class ResolverTest {

    private static ViewsFixture database;

    @BeforeAll
    static void begin() {
        database = new ViewsFixture();
        database.run("CREATE FUNCTION public.lucky(integer) RETURNS integer LANGUAGE sql STABLE RETURN $1 + 1");
        database.run("CREATE AGGREGATE public.luckiest(integer) (SFUNC = int4larger, STYPE = integer)");
    }

    @AfterAll
    static void end() {
        database.close();
    }

    private static <T> T inTransaction(Function<Resolver, T> work) {
        return database.inTransaction(tx -> {
            tx.execute("SAVEPOINT test");
            StandIns.create(
                    tx,
                    "ev",
                    ValueRows.shape("id:STRING! k:STRING s:STRING n:INT at:TIMESTAMP! tags:JSON")
                            .columns());
            StandIns.create(
                    tx, "pg_class", ValueRows.shape("id:STRING! limit:INT").columns());
            StandIns.lookUpFirst(tx, "views");
            try {
                return work.apply(new Resolver(tx));
            } finally {
                tx.undoTo("test");
            }
        });
    }

    private static Resolution resolved(String select) {
        return inTransaction(resolver -> resolver.resolve(select));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            SELECT trim(both from s) AS s FROM ev | s | false
            SELECT substring(s FROM n) AS s FROM ev | s, n | false
            SELECT to_jsonb(ev) AS j FROM ev | | true
            SELECT (e).k AS s FROM ev e | k | false
            SELECT 1 AS one FROM ev WHERE id LIKE 'a' GROUP BY k HAVING max(n) > 1 | id, k, n | false
            SELECT q."limit" AS l FROM pg_class q JOIN ev USING (id) | id | false
            SELECT (SELECT max(n) FROM ev) AS m FROM pg_class | n | false
            SELECT id FROM (SELECT * FROM ev) x | id, k, s, n, at, tags | false
            WITH x AS (SELECT s FROM ev) SELECT 1 AS one FROM x | s | false
            SELECT count(*) AS n FROM ev | | false
            SELECT x FROM ev CROSS JOIN jsonb_array_elements(tags) AS x | tags | false
            SELECT e.s FROM ev e WHERE EXISTS (SELECT 1 FROM pg_class c WHERE c."limit" = e.n) | s, n | false
            """)
    void used_columns_are_found_at_any_depth(String select, String columns, boolean whole) {
        // When
        Resolution resolution = resolved(select);

        // Then
        assertThat(resolution.columnsOf("ev"))
                .containsExactlyInAnyOrder(columns == null ? new String[0] : columns.split(", "));
        assertThat(resolution.usesWhole("ev")).isEqualTo(whole);
    }

    @Test
    void overloads_are_told_apart_and_stand_ins_hide_no_function() {
        // When
        Resolution resolution =
                resolved("SELECT age(at, at) AS a, lucky(n) AS l, n + 1 AS m FROM ev WHERE age(at) IS NULL");

        // Then
        assertThat(resolution.functions())
                .extracting(ResolvedFunction::signature)
                .containsExactlyInAnyOrder(
                        "age(timestamp with time zone)",
                        "age(timestamp with time zone, timestamp with time zone)",
                        "int4pl(integer, integer)",
                        "lucky(integer)");
        assertThat(resolution.functions())
                .filteredOn(f -> !f.isBuiltIn())
                .extracting(ResolvedFunction::volatility)
                .containsExactly(ResolvedFunction.Volatility.STABLE);
    }

    @Test
    void what_is_grouped_by_is_what_postgres_takes() {
        // When
        Resolution resolution =
                resolved("SELECT lower(k) AS k, upper(s) AS u, n, count(*) FROM ev GROUP BY k, (u, 3), id || 'x'");

        // Then
        assertThat(resolution.groups())
                .extracting(GroupItem::column)
                .containsExactly(OptionalInt.empty(), OptionalInt.of(1), OptionalInt.of(2), OptionalInt.empty());
        assertThat(resolution.groups())
                .extracting(GroupItem::input)
                .containsExactly(Optional.of("ev.k"), Optional.empty(), Optional.of("ev.n"), Optional.empty());
        assertThat(resolved("SELECT k FROM ev GROUP BY ROLLUP (k)").hasGroupingSets())
                .isTrue();
        assertThat(resolved("SELECT k FROM ev GROUP BY k").hasGroupingSets()).isFalse();
    }

    @Test
    void the_same_expression_is_an_equal_node_however_it_is_written() {
        // When
        List<ResolvedColumn> columns = resolved("""
                        SELECT count(*) FILTER (WHERE s = E'A') AS a, count(*) FILTER (WHERE ev.s = 'A') AS b,
                               count(*) FILTER (WHERE s = E'a') AS c, min(s COLLATE "C") AS d, min(s) AS e,
                               lower(k) AS f, LOWER((k)) AS g
                        FROM ev GROUP BY lower(k)""").columns();

        // Then
        assertThat(columns.get(0).expression())
                .isEqualTo(columns.get(1).expression())
                .isNotEqualTo(columns.get(2).expression());
        assertThat(columns.get(3).expression()).isNotEqualTo(columns.get(4).expression());
        assertThat(columns.get(5).expression()).isEqualTo(columns.get(6).expression());
    }

    @Test
    void columns_have_their_types_and_collations() {
        // When
        Resolution resolution = resolved(
                "SELECT s::varchar(3) AS a, min(s COLLATE \"en-x-icu\") AS b, 1.5::numeric(10,2) AS c FROM ev GROUP BY s");

        // Then
        assertThat(resolution.columns())
                .extracting(ResolvedColumn::name, ResolvedColumn::type, ResolvedColumn::collation)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", "character varying(3)", Optional.empty()),
                        org.assertj.core.groups.Tuple.tuple("b", "text", Optional.of("pg_catalog.\"en-x-icu\"")),
                        org.assertj.core.groups.Tuple.tuple("c", "numeric(10,2)", Optional.empty()));
        assertThat(resolution.collations()).containsExactly("pg_catalog.\"en-x-icu\"");
    }

    @Test
    void casts_through_text_name_the_functions_that_read_and_write() {
        // When
        Resolution resolution =
                resolved("SELECT s::date AS d, string_to_array(s, ',')::timestamptz[] AS a, at::text AS t FROM ev");

        // Then
        assertThat(resolution.conversions())
                .extracting(TypeConversion::to)
                .containsExactly("date", "timestamp with time zone", "text");
        assertThat(resolution.conversions().getFirst().functions())
                .extracting(ResolvedFunction::name)
                .containsExactlyInAnyOrder("textout", "date_in");
    }

    @Test
    void values_constants_and_relations_of_the_database_are_seen() {
        // When
        Resolution resolution = resolved(
                "SELECT localtimestamp(0) AS l, 'now'::date AS d, '{today}'::date[] AS a FROM ev WHERE current_user = ANY (SELECT rolname FROM pg_roles)");

        // Then
        assertThat(resolution.values()).containsExactlyInAnyOrder(SqlValue.LOCALTIMESTAMP, SqlValue.CURRENT_USER);
        assertThat(resolution.constants()).contains("date", "date[]");
        assertThat(resolution.relations())
                .extracting(UsedRelation::name, UsedRelation::isStandIn, UsedRelation::depth)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ev", true, 0),
                        org.assertj.core.groups.Tuple.tuple("pg_roles", false, 1));
    }

    @Test
    void a_wrong_select_has_its_place_and_leaves_the_transaction_usable() {
        inTransaction(resolver -> {
            // When
            assertThatThrownBy(() -> resolver.resolve("SELECT id, nope FROM ev"))
                    .isInstanceOfSatisfying(PgException.class, refused -> assertThat(Resolver.offset(refused))
                            .hasValue(11));

            // Then
            assertThat(resolver.resolve("SELECT id FROM ev").columns()).hasSize(1);
            return null;
        });
    }
}
