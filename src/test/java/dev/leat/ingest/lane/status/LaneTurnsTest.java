package dev.leat.ingest.lane.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.failure.Failures;
import dev.leat.stack.Deadline;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTurnsTest {

    private static final int LANES = 40;

    private final LaneTurns turns = new LaneTurns(16, 3);
    private final Map<String, AtomicInteger> working = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> unlocked = new CompletableFuture<>();
    private final List<Thread> lanes = new ArrayList<>();
    private final List<LaneStatus> statuses = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        statuses.forEach(LaneStatus::close);
        unlocked.complete(null);
        for (Thread lane : lanes) {
            lane.join();
        }
    }

    private LaneStatus status(String topic) {
        LaneStatus status =
                LaneStatusFixture.of(new TopicPartition(topic, statuses.size()), new Failures(InstantSource.system()));
        statuses.add(status);
        return status;
    }

    private AtomicInteger working(String topic) {
        return working.computeIfAbsent(topic, t -> new AtomicInteger());
    }

    /** Lanes whose batches wait until what they wait for is unlocked. */
    private void block(String topic) {
        for (int i = 0; i < LANES; i++) {
            LaneStatus status = status(topic);
            lanes.add(Thread.ofVirtual().start(() -> {
                try {
                    turns.take(topic, status, () -> {
                        working(topic).incrementAndGet();
                        unlocked.join();
                        return working(topic).decrementAndGet();
                    });
                } catch (LaneStatus.Closing | InterruptedException e) {
                    // The test is over.
                }
            }));
        }
    }

    private void awaitWorking(String topic, int lanes) {
        Awaitility.await()
                .atMost(Deadline.GENEROUS)
                .during(Duration.ofMillis(200))
                .until(() -> working(topic).get() == lanes);
    }

    private String apply(String topic) throws InterruptedException {
        return turns.take(topic, status(topic), () -> "applied");
    }

    private void waitInVain(String topic) {
        assertThatThrownBy(() -> turns.take(topic, status(topic), () -> {
                    throw new PgException("canceling statement due to lock timeout", "ERROR", "55P03", "");
                }))
                .hasMessageContaining("lock timeout");
    }

    @Test
    void the_lanes_of_one_topic_leave_turns_to_the_others() throws InterruptedException {
        // When
        block("locked");

        // Then
        awaitWorking("locked", 12);
        assertThat(apply("other")).isEqualTo("applied");
    }

    @Test
    void a_pipeline_of_one_topic_has_all_turns_for_that() {
        LaneTurns alone = new LaneTurns(16, 1);
        AtomicInteger inTurn = new AtomicInteger();
        for (int i = 0; i < 16; i++) {
            LaneStatus status = status("alone");
            lanes.add(Thread.ofVirtual().start(() -> {
                try {
                    alone.take("alone", status, () -> {
                        inTurn.incrementAndGet();
                        return unlocked.join();
                    });
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        Awaitility.await().atMost(Deadline.GENEROUS).until(() -> inTurn.get() == 16);
    }

    @Test
    void topics_whose_lanes_have_waited_in_vain_share_a_quarter_until_a_batch_goes_through()
            throws InterruptedException {
        // Given
        waitInVain("locked");
        waitInVain("joined with it");

        // When
        block("locked");
        awaitWorking("locked", 4);
        block("joined with it");

        // Then
        awaitWorking("joined with it", 0);
        assertThat(apply("other")).isEqualTo("applied");

        // When
        unlocked.complete(null);
        awaitWorking("locked", 0);

        // Then
        assertThat(apply("locked")).isEqualTo("applied");
        assertThat(apply("joined with it")).isEqualTo("applied");
    }

    @Test
    void a_lane_that_waits_for_its_turn_says_so_and_can_be_closed() throws InterruptedException {
        // Given
        block("locked");
        awaitWorking("locked", 12);
        LaneStatus waits = status("locked");
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        lanes.add(Thread.ofVirtual().start(() -> {
            try {
                ended.complete(new IllegalStateException(turns.take("locked", waits, () -> "took a turn")));
            } catch (LaneStatus.Closing | InterruptedException e) {
                ended.complete(e);
            }
        }));
        Awaitility.await()
                .atMost(Deadline.GENEROUS)
                .untilAsserted(() -> assertThat(waits.state().toString()).contains("waits for its turn"));

        // When
        waits.close();

        // Then
        assertThat(ended.join()).isInstanceOf(LaneStatus.Closing.class);
    }
}
