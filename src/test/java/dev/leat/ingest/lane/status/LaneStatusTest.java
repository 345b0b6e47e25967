package dev.leat.ingest.lane.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.retry.QuickRetry;
import dev.leat.stack.Deadline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LaneStatusTest {

    private static final Scope LANE = Scope.lane("rides", 2);

    private final Failures failures = new Failures(InstantSource.system());
    private final LaneStatus status = new LaneStatus(
            new TopicPartition("rides", 2),
            new QuickRetry(),
            new LaneMeters(new SimpleMeterRegistry(), new DeadLetterLog()),
            failures);

    @Test
    void a_defect_is_tried_again_a_few_times_and_rests_until_it_is_resumed() throws Exception {
        // When
        status.defect(new NullPointerException("x"));
        status.defect(new NullPointerException("x"));

        // Then
        assertThat(status.state()).isInstanceOf(LaneState.Waiting.class);
        assertThat(failures.of(LANE)).extracting(Failure::rests).containsExactly(false);

        // When
        CompletableFuture<Void> rested = onAnotherThread(() -> status.defect(new NullPointerException("x")));

        // Then
        await(() -> status.state() instanceof LaneState.Resting);
        assertThat(failures.of(LANE))
                .extracting(Failure::cause, Failure::message, Failure::rests)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Failure.Cause.DEFECT, "NullPointerException: x", true));
        assertThat(rested).isNotDone();

        // When
        assertThat(failures.resume(LANE)).isTrue();

        // Then
        rested.join();
        assertThat(status.state()).isEqualTo(new LaneState.Opening());
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void a_stopped_lane_is_resumed_without_a_restart() throws Exception {
        CompletableFuture<Void> stopped = onAnotherThread(() -> status.stop("poison"));
        await(() -> status.state() instanceof LaneState.Stopped);
        assertThat(failures.of(LANE)).extracting(Failure::cause).containsExactly(Failure.Cause.REFUSED);

        failures.resume(LANE);

        stopped.join();
        assertThat(status.isClosing()).isFalse();
    }

    @Test
    void an_undecided_lane_says_so_and_looks_again_by_itself_because_another_instance_may_have_been_told()
            throws Exception {
        // When
        status.undecided("choose", Duration.ofMillis(1));

        // Then
        assertThat(status.state()).isEqualTo(new LaneState.Stopped("choose"));
        assertThat(failures.of(LANE))
                .extracting(Failure::cause, Failure::message, Failure::rests)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Failure.Cause.REFUSED, "choose", true));

        // When
        status.flowing();

        // Then
        assertThat(status.state()).isEqualTo(new LaneState.Flowing());
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void an_undecided_lane_goes_on_at_once_when_it_is_resumed() throws Exception {
        CompletableFuture<Void> undecided = onAnotherThread(() -> status.undecided("choose", Deadline.GENEROUS));
        await(() -> status.state() instanceof LaneState.Stopped);

        assertThat(failures.resume(LANE)).isTrue();

        undecided.join();
    }

    @Test
    void whoever_closes_a_resting_lane_ends_it_and_nothing_fails_any_more() throws Exception {
        CompletableFuture<Void> stopped = onAnotherThread(() -> status.stop("poison"));
        await(() -> status.state() instanceof LaneState.Stopped);

        status.close();

        assertThatThrownBy(stopped::join).hasCauseInstanceOf(LaneStatus.Closing.class);
        status.ended();
        assertThat(status.state()).isEqualTo(new LaneState.Closed());
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void an_outage_is_on_the_board_until_something_goes_through() throws Exception {
        AtomicInteger tries = new AtomicInteger();

        status.run(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException(new ConnectException("refused"));
            }
        });

        assertThat(failures.of(LANE)).extracting(Failure::cause).containsExactly(Failure.Cause.OUTAGE);
        assertThat(status.state()).isInstanceOf(LaneState.Waiting.class);
        status.progressed();
        assertThat(failures.current()).isEmpty();
        assertThat(status.state()).isEqualTo(new LaneState.Flowing());
    }

    @Test
    void what_is_no_outage_is_not_retried_while_waiting_for_one() {
        AtomicInteger tries = new AtomicInteger();

        assertThatThrownBy(() -> status.run(() -> {
                    tries.incrementAndGet();
                    throw new NullPointerException("x");
                }))
                .isInstanceOf(NullPointerException.class);

        assertThat(tries).hasValue(1);
    }

    @Test
    void a_lane_without_a_thread_is_noticed_and_can_be_resumed() {
        AtomicInteger revived = new AtomicInteger();

        status.broken(new OutOfMemoryError("Java heap space"), revived::incrementAndGet);

        assertThat(status.state())
                .isEqualTo(new LaneState.Resting("its thread has ended: OutOfMemoryError: Java heap space"));
        failures.resume(LANE);
        assertThat(revived).hasValue(1);
    }

    @Test
    void a_lock_of_somebody_else_is_said_while_it_is_held() {
        status.flowing();

        status.blocked("waits for a lock on views.rides_latest");

        assertThat(status.state()).isInstanceOf(LaneState.Waiting.class);
        assertThat(failures.of(LANE))
                .extracting(Failure::message)
                .containsExactly("waits for a lock on views.rides_latest");
        status.progressed();
        assertThat(failures.current()).isEmpty();
    }

    private interface Step {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> onAnotherThread(Step step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                step.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private static void await(Callable<Boolean> state) {
        Awaitility.await()
                .atMost(Deadline.GENEROUS)
                .pollInterval(Duration.ofMillis(1))
                .until(state);
    }
}
