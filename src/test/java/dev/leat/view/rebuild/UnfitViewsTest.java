package dev.leat.view.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.leat.failure.Failure;
import dev.leat.failure.Failure.Cause;
import dev.leat.failure.Scope;
import dev.leat.schema.types.ValueRows;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.ViewFault;
import dev.leat.view.writer.UnfitView;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody has made over a view's column, when a version widens it: that view rests, and nothing else. */
class UnfitViewsTest {

    private static final String YAML = """
            streams:
              s: {topic: t.s, key: id}
            views:
              s_log: {log: s}
              s_latest: {latest: s}
              s_history: {history: s}
              total: {sql: 'SELECT sum(v) AS total FROM s'}
            """;

    private final ViewsFixture database = new ViewsFixture();
    private SqlFixture views;

    @BeforeEach
    void open() {
        views = new SqlFixture(database, YAML, Map.of("s", "id:STRING! v:INT"));
        views.event("s", 0, "a", 1L).flush();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Object only(String sql) {
        return database.rows(sql).getFirst().getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s_log | CREATE VIEW public.bi AS SELECT id, v FROM views.s_log | DROP VIEW bi"
                        + " | view public.bi depends on column \"v\"",
                "s_latest | CREATE VIEW public.bi AS SELECT id, v FROM views.s_latest | DROP VIEW bi"
                        + " | view public.bi depends on column \"v\"",
                "s_history | CREATE VIEW public.bi AS SELECT id, v FROM views.s_history | DROP VIEW bi"
                        + " | view public.bi depends on column \"v\"",
                "s_log | CREATE MATERIALIZED VIEW public.bi AS SELECT v FROM views.s_log | DROP MATERIALIZED VIEW bi"
                        + " | materialized view public.bi depends on column \"v\"",
                "s_log | CREATE RULE big AS ON INSERT TO views.s_log WHERE new.v > 9 DO ALSO SELECT 1"
                        + " | DROP RULE big ON views.s_log | rule big on table views.s_log depends on column \"v\"",
                "s_latest | ALTER TABLE views.s_latest ADD COLUMN twice integer GENERATED ALWAYS AS (v * 2) STORED"
                        + " | ALTER TABLE views.s_latest DROP COLUMN twice | \"v\" is used by generated column \"twice\"",
                "s_latest | CREATE POLICY few ON views.s_latest USING (v < 9) | DROP POLICY few ON views.s_latest"
                        + " | policy few on table views.s_latest depends on column \"v\"",
                "s_log | CREATE TRIGGER t AFTER UPDATE OF v ON views.s_log EXECUTE FUNCTION tsvector_update_trigger()"
                        + " | DROP TRIGGER t ON views.s_log | trigger t on table views.s_log depends on column \"v\"",
            })
    void what_depends_on_a_column_that_is_widened_lets_its_view_rest_and_that_lacks_nothing_afterwards(
            String view, String make, String drop, String says) {
        // Given
        database.run(make);
        views.promote(Map.of("s", ValueRows.shape("id:STRING! v:LONG")));
        views.event("s", 0, "b", 1L << 40);

        // When
        UnfitView unfit = catchThrowableOfType(UnfitView.class, () -> views.flush());

        // Then
        assertThat(unfit.view()).isEqualTo(view);
        assertThat(unfit)
                .hasMessageContaining("view " + view + " can't get column v as bigint: ")
                .hasMessageContaining(says)
                .hasMessageEndingWith("; drop that and resume the view, and it gets what it has missed");

        // When
        views.resting().rest(view, unfit.getMessage(), Cause.UNFIT);
        views.flush();
        views.restart();
        views.event("s", 0, "c", 2L).flush();

        // Then
        assertThat(only("SELECT total FROM views.total").toString()).isEqualTo("1099511627779");
        for (String other : List.of("s_log", "s_latest", "s_history")) {
            assertThat(only("SELECT count(*) FROM views." + other))
                    .describedAs(other)
                    .isEqualTo(other.equals(view) ? 1L : 3L);
        }

        // When
        database.run(drop);
        views.requests().resume(view);
        catchUp(view);
        views.event("s", 0, "d", 3L).flush();

        // Then
        assertThat(database.rows("SELECT id, v FROM views." + view + " ORDER BY id"))
                .containsExactly(List.of("a", 1L), List.of("b", 1L << 40), List.of("c", 2L), List.of("d", 3L));
        assertThat(only("SELECT count(*) FROM leat.dead_letter")).isEqualTo(0L);
    }

    @Test
    void a_view_in_sql_rests_alone_too_and_says_what_depends_on_it() {
        // Given
        database.run("CREATE VIEW public.bi AS SELECT total FROM views.total");
        views.promote(Map.of("s", ValueRows.shape("id:STRING! v:LONG")));
        views.event("s", 0, "b", 1L << 40);
        RestingViews resting = views.resting();

        // When
        ViewFault fault = catchThrowableOfType(ViewFault.class, () -> views.flush());

        // Then
        assertThat(fault.view()).isEqualTo("total");
        Failure unfit = views.failures().of(Scope.view("total")).getFirst();
        assertThat(unfit.cause()).isEqualTo(Cause.UNFIT);
        assertThat(unfit.message())
                .isEqualTo("view total can't take its streams' columns: cannot drop view views.total because other"
                        + " objects depend on it: view public.bi depends on view views.total; drop that and resume the"
                        + " view, and it gets what it has missed");

        // When
        resting.rest("total", unfit.message(), unfit.cause());
        resting.show(views.rebuilds().all());
        views.flush();
        database.run("DROP VIEW public.bi");
        assertThat(views.failures().resume(Scope.view("total"))).isTrue();
        await().atMost(Deadline.GENEROUS)
                .until(() -> only("SELECT state FROM leat.rebuild").equals("RUNNING"));
        catchUp("total");
        views.event("s", 0, "c", 2L).flush();

        // Then
        assertThat(only("SELECT total FROM views.total").toString()).isEqualTo("1099511627779");
        assertThat(only("SELECT count(*) FROM views.s_log")).isEqualTo(3L);
    }

    private void catchUp(String view) {
        Random random = new Random(1);
        for (int i = 0; !views.step(view, random); i++) {
            assertThat(i).isLessThan(99);
        }
    }

    @Test
    void one_that_is_resumed_too_early_rests_again() {
        // Given
        database.run("CREATE VIEW public.bi AS SELECT id, v FROM views.s_log");
        views.promote(Map.of("s", ValueRows.shape("id:STRING! v:LONG")));
        views.event("s", 0, "b", 1L << 40);
        UnfitView unfit = catchThrowableOfType(UnfitView.class, () -> views.flush());
        views.resting().rest("s_log", unfit.getMessage(), Cause.UNFIT);
        views.flush();

        // When
        views.requests().resume("s_log");

        // Then
        assertThat(catchThrowableOfType(UnfitView.class, () -> views.step("s_log", new Random(1))))
                .hasMessage(unfit.getMessage());
    }

    @Test
    void it_is_shown_as_unfit_and_not_as_a_defect_of_ours() {
        // Given
        RestingViews resting = views.resting();
        resting.rest("s_log", "somebody's view depends on it", Cause.UNFIT);

        // When
        resting.show(views.rebuilds().all());

        // Then
        assertThat(views.failures().of(Scope.view("s_log"))).singleElement().satisfies(failure -> {
            assertThat(failure.cause()).isEqualTo(Cause.UNFIT);
            assertThat(failure.rests()).isTrue();
            assertThat(failure.message()).isEqualTo("somebody's view depends on it; its rows lag until it is resumed");
        });
    }
}
