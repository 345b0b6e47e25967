package dev.leat.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.TimeoutException;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepeatedWorkTest {

    private static final Scope VIEW = Scope.view("rides_minute");

    private final Failures failures = new Failures(InstantSource.system());
    private final RepeatedWork work = new RepeatedWork(failures, "closed");

    private void fails(RuntimeException why) {
        work.attempt(VIEW, "view rides_minute", () -> {
            throw why;
        });
    }

    private void succeeds() {
        work.attempt(VIEW, "view rides_minute", () -> {});
    }

    @Test
    void what_takes_too_long_again_and_again_is_shown_until_it_succeeds() {
        fails(new TimeoutException());
        assertThat(failures.current()).isEmpty();

        fails(new TimeoutException());
        assertThat(failures.of(VIEW)).singleElement().satisfies(failure -> {
            assertThat(failure.cause()).isEqualTo(Failure.Cause.OUTAGE);
            assertThat(failure.message()).startsWith("view rides_minute can't be closed: ");
        });

        succeeds();
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void a_defect_is_shown_at_once() {
        fails(new IllegalStateException("no such column"));

        assertThat(failures.of(VIEW)).extracting(Failure::cause).containsExactly(Failure.Cause.UNFIT);

        succeeds();
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void an_outage_of_the_server_is_said_by_whoever_needs_it() {
        fails(new UnavailableException("connection refused", null));
        fails(new UnavailableException("connection refused", null));

        assertThat(failures.current()).isEmpty();
    }

    @Test
    void a_view_that_is_gone_fails_no_more() {
        fails(new IllegalStateException("no such column"));

        work.retainViews(Set.of(VIEW));
        assertThat(failures.of(VIEW)).hasSize(1);

        work.retainViews(Set.of());
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void what_fails_for_another_reason_now_is_shown_with_that_alone() {
        fails(new IllegalStateException("no such column"));

        fails(new TimeoutException());

        assertThat(failures.of(VIEW)).extracting(Failure::cause).containsExactly(Failure.Cause.OUTAGE);
    }

    @Test
    void what_fails_keeps_nothing_else_from_being_done() {
        fails(new IllegalStateException("no such column"));
        boolean[] done = {false};

        work.attempt(Scope.view("other"), "view other", () -> done[0] = true);

        assertThat(done[0]).isTrue();
    }
}
