package dev.leat.ingest.lane.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.lake.manifest.Ownership;
import dev.leat.lake.store.LakeFolder;
import dev.leat.lake.write.LakeFixture;
import dev.leat.lake.write.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.Stream.PartitionBy;
import dev.leat.retry.RetryConfig;
import dev.leat.stack.Deadline;
import io.smallrye.mutiny.TimeoutException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lane's lake through a full disk, a defect, a stalled disk and retention, read back by DuckDB. */
class LaneLakesTest {

    private static final Stream STREAM = LakeFixture.stream(PartitionBy.NONE, 5);
    private static final Scope SCOPE = Scope.lake("rides", 0);

    @TempDir
    Path location;

    private volatile RuntimeException defect;
    private volatile boolean full;
    private volatile boolean locked;
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Failures failures = new Failures(() -> now);
    private LakeFixture lake;
    private LaneLakes lakes;
    private Duration stallAfter = Deadline.GENEROUS;
    private CompletableFuture<Void> stalled = CompletableFuture.completedFuture(null);

    /** What a lane is given: the offset that it goes on from. */
    private long open() {
        return openNewAt(0);
    }

    private long openNewAt(long offset) {
        if (lakes == null) {
            lake = new LakeFixture(location);
            lake.folder = new Disk(location);
            lakes = new LaneLakes(
                    new TopicPartition("taxi.rides", 0),
                    List.of(STREAM),
                    new Source(),
                    failures,
                    new Waits(),
                    () -> now);
        }
        lakes.close();
        lakes.open(offset);
        return lakes.lowest(checkpoint);
    }

    private long checkpoint; // the views'

    @AfterEach
    void close() {
        stalled.complete(null);
        lakes.close();
    }

    private void feed(long from, long to) {
        lakes.feed(List.of(LakeFixture.events(STREAM, from, to)), to);
        checkpoint = Math.max(checkpoint, to);
    }

    /** Events that count, and nothing that fails. */
    private void awaitNames(String expected) {
        await().atMost(Deadline.GENEROUS).untilAsserted(() -> {
            assertThat(lakes.look()).isFalse();
            assertThat(failures.current()).isEmpty();
            assertThat(lake.names()).isEqualTo(expected);
        });
    }

    private void awaitFailure(Failure.Cause cause) {
        await().atMost(Deadline.GENEROUS).until(() -> {
            assertThat(lakes.look()).isFalse();
            return lakes.areClosed() && failures.of(SCOPE).stream().anyMatch(failure -> failure.cause() == cause);
        });
    }

    @Test
    void a_disk_that_was_full_for_a_moment_costs_no_row_without_another_event() throws Exception {
        // Given a file that couldn't be completed after a day without any failure, after which nothing comes
        open();
        now = now.plus(Duration.ofDays(1));
        full = true;
        feed(0, 7);
        awaitFailure(Failure.Cause.OUTAGE);
        assertThat(failures.of(SCOPE).getFirst().message())
                .contains("the lake of stream 'rides' can't be written in partition 0")
                .contains("No space left on device");
        assertThat(lakes.areClosed()).isTrue();

        // When views go on meanwhile, and the time comes before there is room
        feed(7, 9);
        now = now.plusSeconds(60);
        assertThat(lakes.look()).isFalse();
        assertThat(failures.of(SCOPE).getFirst().times()).isGreaterThan(1);

        // Then, once there is room, the lane goes back for it by itself, and the rows count before their file is old
        full = false;
        assertThat(lakes.look()).isFalse();
        now = now.plusSeconds(60);
        assertThat(lakes.look()).isTrue();
        assertThat(open()).isZero();
        lakes.catchUpTo(9);
        assertThat(failures.of(SCOPE)).isNotEmpty();
        feed(0, 9);
        awaitNames("e0|e1|e2|e3|e4|e5|e6|e7|e8");
    }

    @Test
    void a_defect_is_tried_three_times_and_then_rests_until_it_is_resumed() {
        // Given
        defect = new IllegalStateException("a defect");
        for (int times = 1; times <= 3; times++) {
            open();
            feed(0, 7);
            awaitFailure(Failure.Cause.DEFECT);
            assertThat(failures.of(SCOPE).getFirst().rests()).isEqualTo(times == 3);
            now = now.plusSeconds(60);
        }

        // When nobody resumes it
        assertThat(lakes.look()).isFalse();
        open();
        assertThat(lakes.areClosed()).isTrue();

        // When somebody does
        defect = null;
        assertThat(failures.resume(SCOPE)).isTrue();
        assertThat(lakes.look()).isTrue();
        assertThat(open()).isZero();
        lakes.catchUpTo(7);
        feed(0, 7);

        // Then
        await().atMost(Deadline.GENEROUS)
                .until(() -> !lakes.look() && failures.current().isEmpty());
        assertThat(lake.manifest.entries).isNotEmpty();
    }

    @Test
    void a_lake_that_retention_has_overtaken_rests_says_what_it_lacks_and_goes_on_where_somebody_says_so()
            throws Exception {
        // Given
        open();
        feed(0, 5);
        await().atMost(Deadline.GENEROUS).until(() -> lakes.lowest(100) == 5);

        // When
        open();
        lakes.requireInLog(12);

        // Then the lane goes on without it
        assertThat(lakes.lowest(20)).isEqualTo(20);
        assertThat(lakes.checkpoints()).isEmpty();
        assertThat(failures.of(SCOPE).getFirst().rests()).isTrue();
        assertThat(failures.of(SCOPE).getFirst().message())
                .contains("lacks the events of taxi.rides-0 from offset 5 to 11")
                .contains("Resume it to go on from offset 12");
        feed(20, 21);
        assertThat(lakes.look()).isFalse();

        // When
        failures.resume(SCOPE);
        assertThat(lakes.look()).isTrue();
        assertThat(open()).isEqualTo(12);
        lakes.requireInLog(12);
        lakes.catchUpTo(14);
        feed(12, 14);

        // Then
        awaitNames("e0|e1|e2|e3|e4|e12|e13");
    }

    @Test
    void a_disk_that_does_not_answer_stops_the_lake_and_not_the_lane() throws Exception {
        stallAfter = Duration.ofMillis(50);
        stalled = new CompletableFuture<>();
        open();
        long offset = 0;
        while (!lakes.areClosed()) {
            feed(offset, ++offset);
        }

        assertThat(failures.of(SCOPE).getFirst().cause()).isEqualTo(Failure.Cause.OUTAGE);
        assertThat(failures.of(SCOPE).getFirst().message()).contains("the writer has taken nothing for PT0.05S");

        // When the lane has taken it anew, the writer that stalled can't add anything
        stallAfter = Deadline.GENEROUS;
        now = now.plusSeconds(60);
        assertThat(lakes.look()).isTrue();
        assertThat(open()).isZero();
        stalled.complete(null);
        lakes.catchUpTo(offset);
        feed(0, offset);

        // Then
        awaitNames(LongStream.range(0, offset).mapToObj(n -> "e" + n).collect(Collectors.joining("|")));
    }

    @Test
    void a_lake_whose_table_somebody_has_locked_begins_later_where_it_would_have_begun() throws Exception {
        // Given a lane that opens at 3 and goes on to 8 meanwhile
        checkpoint = 3;
        locked = true;
        assertThat(openNewAt(3)).isEqualTo(3);
        assertThat(failures.of(SCOPE).getFirst().cause()).isEqualTo(Failure.Cause.OUTAGE);
        feed(3, 8);

        // When
        locked = false;
        now = now.plusSeconds(60);
        assertThat(lakes.look()).isTrue();
        assertThat(openNewAt(8)).isEqualTo(3);
        lakes.catchUpTo(8);
        feed(3, 8);

        // Then
        awaitNames("e3|e4|e5|e6|e7");
    }

    @Test
    void a_lake_that_another_instance_owns_is_the_lanes_own_business() {
        open();
        lake.manifest.own(STREAM, 0, 0);
        feed(0, 5);

        await().atMost(Deadline.GENEROUS).untilAsserted(() -> assertThatThrownBy(() -> lakes.look())
                .isInstanceOf(LakeInterrupted.class)
                .hasMessageContaining("another instance owns it now"));
        assertThat(failures.current()).isEmpty();
    }

    @Test
    void what_is_said_of_a_lake_ends_with_its_lane() {
        open();
        full = true;
        feed(0, 7);
        awaitFailure(Failure.Cause.OUTAGE);

        lakes.forget();

        assertThat(failures.current()).isEmpty();
    }

    private final class Source implements LakeSource {

        @Override
        public LakeLane open(Stream stream, int partition, long startIfNew) {
            if (locked) {
                throw new TimeoutException();
            }
            Ownership owner = lake.manifest.own(stream, partition, startIfNew);
            return new LakeLane(owner, lake.writer(owner), 2, stallAfter, new CompletableFuture<>()).start();
        }

        @Override
        public void requireWritable(Stream stream, int partition) throws IOException {
            lake.folder.requireWritable(stream, partition);
        }

        @Override
        public void skipTo(Stream stream, int partition, long offset) {
            lake.manifest.skipTo(stream, partition, offset);
        }
    }

    /** A disk that may be full, or not answer. */
    private final class Disk extends LakeFolder {

        Disk(Path location) {
            super(location);
        }

        @Override
        public void publish(Path temporary, Path complete) throws IOException {
            requireRoom();
            if (defect != null) {
                throw defect;
            }
            stalled.join();
            super.publish(temporary, complete);
        }

        @Override
        public void requireWritable(Stream stream, int partition) throws IOException {
            requireRoom();
            super.requireWritable(stream, partition);
        }

        private void requireRoom() throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
        }
    }

    private record Waits() implements RetryConfig {
        @Override
        public Duration backoffMin() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration backoffMax() {
            return Duration.ofSeconds(10);
        }

        @Override
        public int defectTries() {
            return 3;
        }

        @Override
        public Duration drainWithin() {
            return Deadline.GENEROUS;
        }
    }
}
