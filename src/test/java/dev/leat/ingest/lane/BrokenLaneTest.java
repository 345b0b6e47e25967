package dev.leat.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.ingest.lane.status.LaneState;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.lane.status.LaneStatusFixture;
import dev.leat.stack.Deadline;
import java.time.InstantSource;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BrokenLaneTest {

    private static final TopicPartition PARTITION = new TopicPartition("rides", 2);
    private static final Scope LANE = Scope.lane("rides", 2);

    private final Failures failures = new Failures(InstantSource.system());
    private final LaneStatus status = LaneStatusFixture.of(PARTITION, failures);
    // Nothing that it needs is there: whatever it does fails, even to let go, and to end in order.
    private final Lane lane = new Lane(PARTITION, null, null, null, null, null, null, null, null, status, null);

    private void runToItsEnd() throws InterruptedException {
        Thread thread = Thread.ofPlatform().unstarted(lane);
        thread.setUncaughtExceptionHandler((ended, why) -> {});
        thread.start();
        thread.join();
    }

    @Test
    void a_thread_that_ends_by_itself_is_noticed_and_can_be_resumed() throws InterruptedException {
        // When
        runToItsEnd();

        // Then
        assertThat(lane.state()).isInstanceOf(LaneState.Resting.class);
        assertThat(failures.of(LANE)).singleElement().satisfies(failure -> {
            assertThat(failure.cause()).isEqualTo(Failure.Cause.DEFECT);
            assertThat(failure.rests()).isTrue();
            assertThat(failure.message()).startsWith("its thread has ended: NullPointerException");
        });

        // When
        assertThat(failures.resume(LANE)).isTrue();

        // Then another thread begins, and ends as well
        await().atMost(Deadline.GENEROUS).until(() -> !failures.of(LANE).isEmpty());
    }

    @Test
    void one_that_ends_because_it_is_closed_is_no_failure() throws InterruptedException {
        status.close();

        runToItsEnd();

        assertThat(lane.state()).isEqualTo(new LaneState.Closed());
        assertThat(failures.current()).isEmpty();
    }
}
