package dev.leat.ingest.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leat.failure.Failures;
import dev.leat.ingest.lane.status.LaneState;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.lane.status.LaneStatusFixture;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.ViewsFixture;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane of topic {@code orders}, which is read after {@code prices}. */
class ReadFirstTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final Failures failures = new Failures(InstantSource.system());
    private final AtomicInteger asked = new AtomicInteger();
    private ViewsFixture database;

    @BeforeEach
    void begin() {
        database = new ViewsFixture();
    }

    @AfterEach
    void end() {
        database.close();
    }

    @Test
    void a_lane_waits_until_what_the_other_topic_held_is_read() throws Exception {
        // Given
        Opening lane = new Opening(Map.of(0, 100L, 1, 50L, 2, 0L));
        lane.awaitReason("reads after prices-0, which is at 0 of 100, and 1 more");

        // When
        checkpoint("prices", 0, 30);
        checkpoint("prices", 1, 50);
        lane.awaitReason("reads after prices-0, which is at 30 of 100");
        checkpoint("prices", 0, 120);

        // Then
        lane.awaitOpen();
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void a_restart_waits_for_the_same_offsets_and_a_later_start_for_nothing() throws Exception {
        // Given
        Opening first = new Opening(Map.of(0, 100L));
        first.awaitReason("reads after prices-0, which is at 0 of 100");
        first.close();

        // When
        Opening restarted = new Opening(Map.of(0, 999L));
        restarted.awaitReason("reads after prices-0, which is at 0 of 100");
        checkpoint("prices", 0, 100);

        // Then
        restarted.awaitOpen();
        assertThat(asked).hasValue(1);
        // The other topic begins anew.
        checkpoint("prices", 0, 0);
        new Opening(Map.of(0, 2000L)).awaitOpen();
    }

    @Test
    void nobody_waits_for_a_topic_that_is_empty_or_not_there() throws Exception {
        new Opening(Map.of(0, 0L)).awaitOpen();
        database.run("TRUNCATE leat.read_first");
        new Opening(Map.of()).awaitOpen();
    }

    @Test
    void a_topic_that_was_read_before_it_was_declared_waits_for_nothing() throws Exception {
        checkpoint("orders", 0, 7);

        new Opening(Map.of(0, 100L)).awaitOpen();
    }

    @Test
    void a_lane_that_is_closed_waits_no_longer() throws Exception {
        Opening lane = new Opening(Map.of(0, 100L));
        lane.awaitReason("reads after prices-0, which is at 0 of 100");

        lane.close();
    }

    private void checkpoint(String topic, int partition, long next) {
        database.run("INSERT INTO leat.checkpoint (topic, partition, next_offset) VALUES ('%s', %d, %d)"
                        .formatted(topic, partition, next)
                + " ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset");
    }

    /** A lane that opens, on a thread of its own. */
    private final class Opening {
        private final LaneStatus status = LaneStatusFixture.of(ORDERS, failures);
        private final CompletableFuture<Void> opened = new CompletableFuture<>();

        /** @param ends where the partitions of {@code prices} end now */
        Opening(Map<Integer, Long> ends) {
            ReadFirst readFirst = new ReadFirst(
                    ORDERS,
                    List.of("prices"),
                    topic -> {
                        asked.incrementAndGet();
                        return CompletableFuture.completedFuture(ends);
                    },
                    database.readFirst(),
                    status);
            Thread.ofVirtual().start(() -> {
                try {
                    readFirst.await();
                    opened.complete(null);
                } catch (Exception e) {
                    opened.completeExceptionally(e);
                }
            });
        }

        void awaitReason(String reason) {
            await().atMost(Deadline.GENEROUS)
                    .until(() -> status.state() instanceof LaneState.Waiting waiting
                            && waiting.reason().equals(reason));
            assertThat(opened).isNotDone();
        }

        void awaitOpen() throws Exception {
            opened.get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);
        }

        void close() {
            status.close();
            await().atMost(Deadline.GENEROUS).until(opened::isCompletedExceptionally);
            assertThat(opened.exceptionNow()).isInstanceOf(LaneStatus.Closing.class);
        }
    }
}
