package dev.leat.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.ingest.lane.status.FailureVerdict;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.lane.status.LaneStatusFixture;
import dev.leat.ingest.lane.status.LaneTurns;
import dev.leat.schema.ContractsFixture;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.names.NameStore;
import dev.leat.schema.registry.VersionedRegistry;
import dev.leat.view.lane.LaneParts;
import dev.leat.view.lane.SqlFixture;
import dev.leat.view.lane.ViewsFixture;
import dev.leat.view.lane.apply.ViewFault;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records for which Postgres cancels a view's statement, as {@code statement_timeout} makes it. */
class BatchCommitTest {

    private static final TopicPartition LANE = new TopicPartition("t.s", 0);
    private static final int TRIES = 3;

    private static final KnownColumns NOTHING = stream -> List.of();

    private final ViewsFixture database = new ViewsFixture();
    private final LaneStatus status = LaneStatusFixture.of(LANE, new Failures(InstantSource.system()));
    private SqlFixture views;
    private BatchCommit commit;

    @BeforeEach
    void open() {
        views = new SqlFixture(database, """
                streams:
                  s: {topic: t.s, key: id}
                views:
                  quick: {log: s}
                  slow: {latest: s}
                """, Map.of("s", "id:STRING! v:INT"));
        commit = commitBy(LaneStatusFixture.turns());
    }

    private BatchCommit commitBy(LaneTurns turns) {
        LaneParts parts = views.parts();
        LaneDecoder decoder = new LaneDecoder(
                LANE,
                List.of(views.pipeline().stream("s")),
                ContractsFixture.contracts(views.pipeline(), new VersionedRegistry(), NOTHING, NameStore.inMemory()),
                NOTHING,
                parts.parkedKeys(),
                status);
        return new BatchCommit(parts.applier(), parts.checkpoints(), decoder, status, turns, TRIES);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** @param until the view takes what comes after so many attempts */
    private void cancelled(String view, String condition, int until) {
        database.run("CREATE SEQUENCE public.attempts");
        database.run(
                "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF " + condition
                        + " AND nextval('public.attempts') <= " + until
                        + " THEN PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(60); END IF; RETURN NEW; END $$");
        database.run("CREATE TRIGGER slow BEFORE INSERT ON views." + view + " FOR EACH ROW EXECUTE FUNCTION slow()");
    }

    private BatchCommit.Result commit() throws InterruptedException {
        return commit.commit(views.pending(LANE));
    }

    private Object only(String sql) {
        return database.rows(sql).getFirst().getFirst();
    }

    @Test
    void a_record_that_a_view_is_too_slow_for_alone_is_the_views_matter_and_the_lane_goes_on_without_it()
            throws InterruptedException {
        // Given
        cancelled("slow", "NEW.v = 1", Integer.MAX_VALUE);
        views.event("s", 0, "a", 1L);

        // When
        ViewFault fault = catchThrowableOfType(ViewFault.class, this::commit);

        // Then
        assertThat(FailureVerdict.of(fault))
                .isEqualTo(new FailureVerdict.RestView(fault.view(), fault, Failure.Cause.DEFECT));
        assertThat(fault)
                .hasMessageStartingWith(
                        "view slow takes too long to apply one record, t.s-0 offset 0, 3 times in a row: ")
                .hasMessageContaining("(57014); make its statement faster");
        assertThat(only("SELECT last_value FROM public.attempts")).isEqualTo(1L + TRIES);

        // When
        assertThat(views.resting().rest(fault.view(), fault.getMessage())).isTrue();
        views.flush();

        // Then
        assertThat(only("SELECT id FROM views.quick")).isEqualTo("a");
        assertThat(views.parts().checkpoint("t.s", 0)).isEqualTo(1);
        assertThat(database.rows("SELECT id FROM views.slow")).isEmpty();
    }

    @Test
    void one_that_is_slow_for_a_while_is_an_outage() throws InterruptedException {
        cancelled("slow", "true", TRIES);
        views.event("s", 0, "a", 1L);

        assertThat(commit()).isInstanceOf(BatchCommit.Result.Committed.class);

        assertThat(only("SELECT id FROM views.slow")).isEqualTo("a");
    }

    @Test
    void several_records_are_cut_before_anything_is_the_views_matter() throws InterruptedException {
        cancelled("slow", "NEW.v = 1", Integer.MAX_VALUE);
        views.event("s", 0, "a", 1L).event("s", 0, "b", 2L);

        assertThat(commit()).isInstanceOf(BatchCommit.Result.TooSlow.class);
    }

    @Test
    void what_has_waited_for_a_lock_is_no_views_matter() throws InterruptedException {
        // Given
        status.flowing();
        commit = commitBy(LaneStatusFixture.turnsBehindLocks());
        cancelled("slow", "true", 2 * TRIES);
        views.event("s", 0, "a", 1L);

        // When
        BatchCommit.Result result = commit();

        // Then
        assertThat(result).isInstanceOf(BatchCommit.Result.Committed.class);
    }
}
