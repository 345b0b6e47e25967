package dev.leat.view.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Names;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnRows;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of names against Postgres: what it says is no name can't be made, and everything else can. */
class NamesInPostgresTest {

    private static ViewsFixture views;

    @BeforeAll
    static void open() {
        views = new ViewsFixture();
    }

    @AfterAll
    static void close() {
        views.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tableoid",
                "xmin",
                "cmin",
                "xmax",
                "cmax",
                "ctid",
                "oid",
                "select",
                "user",
                "größe",
                "a b",
                "a\"b",
                "a.b",
                "a'b",
                "$1",
                "?",
                "😀",
                "_id",
                "constraint",
                "\t",
                "\\"
            })
    void postgres_takes_what_the_list_takes(String name) {
        assertThat(isMade(name)).isEqualTo(Names.problem(name).isEmpty());
    }

    @Test
    void postgres_cuts_what_is_longer_than_the_list_says() {
        String longest = "é".repeat(31) + "e";
        assertThat(isMade(longest)).isTrue();
        assertThat(Names.problem(longest)).isEmpty();
        assertThat(Names.problem(longest + "e")).isPresent();
        assertThat(views.rows("SELECT length(" + Sql.literal(longest + "e") + "::name::text) AS n"))
                .isEqualTo(List.of(List.of(32)));
    }

    /** A stream with such a field has views of every kind. */
    @ParameterizedTest
    @ValueSource(
            strings = {"oid", "select", "größe", "_id", "__op", "_version", "_row", "_all", "_at", "_group", "Id", "ID"
            })
    void a_stream_with_a_field_of_an_odd_name_has_every_kind_of_view(String name) {
        String called = "odd_" + Math.abs(name.hashCode()) + "_" + name.length();
        Stream stream = new StreamFixture(called, "topic").key("key").build();
        Shape shape = new Shape(List.of(
                new Column("key", ColumnType.of(Kind.INT), true, ""),
                new Column(name, ColumnType.of(Kind.STRING), false, "")));
        Rows rows = new ColumnRows(stream, shape, 0)
                .add(1, 0, 1L, "one")
                .add(2, 0, 2L, "two")
                .delete(3, 0, 2L, null)
                .build();
        List<View> kinds = List.of(
                new View.Latest(called + "_l", called, false, Duration.ofDays(1)),
                new View.Latest(called + "_s", called, true, Duration.ofDays(1)),
                new View.Log(called + "_log", called),
                new View.History(called + "_h", called, List.of()));

        for (View view : kinds) {
            views.view(stream, view, rows).apply(rows);
            assertThat(views.rows("SELECT " + Sql.quote(name) + " FROM views." + view.name() + " WHERE key = 1"))
                    .as(view.kind())
                    .isEqualTo(List.of(List.of("one")));
        }
    }

    /** There is no second list: a column that is added anywhere, and isn't on this one, is told here. */
    @Test
    void every_column_of_ours_is_on_the_list() {
        // Given views of every kind
        SqlFixture all = new SqlFixture(
                views,
                """
                streams:
                  own: {topic: t.own, key: key, event-time: at, deduplicate: {by: at, within: 1d}}
                  other: {topic: t.other, key: key, event-time: at}
                views:
                  own_l: {latest: own}
                  own_s: {latest: own, soft-delete: true}
                  own_log: {log: own}
                  own_h: {history: own}
                  own_keyed: {sql: 'SELECT key, field FROM own'}
                  own_count: {sql: 'SELECT field, count(*) AS mine, avg(key) AS mean, count(DISTINCT key) AS kinds FROM own GROUP BY field'}
                  own_window: {sql: "SELECT tumble('1 minute', at) AS begun, last(field) AS mine FROM own GROUP BY 1"}
                  own_session: {sql: "SELECT field, session('1 minute', at) AS begun, count(*) AS mine FROM own GROUP BY 1, 2"}
                  own_join: {append: true, sql: "SELECT own.key, own.field FROM own JOIN other AS r ON r.key = own.key AND r.at BETWEEN own.at AND own.at + interval '1 hour'"}
                  own_outer: {append: true, sql: "SELECT own.key, own.field FROM own LEFT JOIN other AS r ON r.key = own.key AND r.at BETWEEN own.at AND own.at + interval '1 hour'"}
                  own_distinct: {sql: 'SELECT DISTINCT field FROM own'}
                """,
                Map.of("own", "key:INT! field:STRING at:TIMESTAMP!", "other", "key:INT! field:STRING at:TIMESTAMP!"));
        all.event("own", 0, 1L, "x", 0L).delete("own", 0, 1L, null, null).flush();
        Set<String> theirs = Set.of("key", "field", "at", "mine", "mean", "kinds", "begun");
        // A window's, which a SELECT that has one of that name is told.
        Set<String> ofWindows = Set.of("final", "session_end");

        // When
        List<List<Object>> ours =
                views.rows("SELECT DISTINCT c.relname::text, a.attname::text FROM pg_attribute a JOIN pg_class c"
                        + " ON c.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v')"
                        + " AND (c.relnamespace IN (to_regnamespace('views'), to_regnamespace('views_state'))"
                        + " AND c.relname LIKE 'own%' OR c.relnamespace = to_regnamespace('leat')"
                        + " AND c.relname SIMILAR TO '(tombstone|history)\\_own%')");

        // Then
        assertThat(ours).hasSizeGreaterThan(60);
        assertThat(ours.stream()
                        .filter(column -> !theirs.contains((String) column.get(1)))
                        .filter(column -> !isOnTheList((String) column.get(1)) && !ofWindows.contains(column.get(1)))
                        .toList())
                .isEmpty();
    }

    private static boolean isOnTheList(String name) {
        return Names.isOfResults(name)
                || Names.isOfHistories(name)
                || Names.problemOfField(name).isPresent()
                || name.equals("_event_time")
                || name.equals("_deleted_at");
    }

    private static boolean isMade(String name) {
        try {
            views.rows("CREATE TEMP TABLE named (" + Sql.quote(name) + " int); DROP TABLE named");
            return true;
        } catch (PgException refused) {
            return false;
        }
    }
}
