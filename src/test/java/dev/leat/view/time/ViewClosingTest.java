package dev.leat.view.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.StreamFixture;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.RowsFixture;
import dev.leat.stack.Deadline;
import dev.leat.view.lane.ViewsFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewClosingTest {

    private static final Stream RIDES =
            new StreamFixture("rides", "rides").key("id").eventTime("at").build();
    private static final Stream PAYMENTS =
            new StreamFixture("payments", "payments").key("id").eventTime("at").build();

    // The common pool may have a single thread.
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private static ViewsFixture database;
    private TimeFixture time;

    @BeforeAll
    static void start() {
        database = new ViewsFixture();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void begin() {
        time = new TimeFixture(database, RIDES, PAYMENTS).closes("by_minute", 5, "rides");
        time.clock(100);
    }

    @Test
    void a_view_is_closed_up_to_the_newest_event_less_grace_whatever_the_order_of_events() {
        time.open(RIDES, 0);
        time.batch(RIDES, 0, 30, 40, 20);

        assertThat(time.close("by_minute")).contains(35L);
        assertThat(time.close("by_minute")).isEmpty();

        time.batch(RIDES, 0, 10);
        assertThat(time.close("by_minute")).isEmpty();

        time.batch(RIDES, 0, 50);
        assertThat(time.close("by_minute")).contains(45L);
        assertThat(time.closed).containsExactly("by_minute -..35", "by_minute 35..45");
    }

    @Test
    void the_slowest_partition_decides_until_it_is_idle() {
        // Given
        time.open(RIDES, 0);
        UUID slow = time.open(RIDES, 1);
        time.batch(RIDES, 0, 40);
        time.batch(RIDES, 1, 20);
        assertThat(time.close("by_minute")).contains(15L);

        // When
        time.clock(101);
        time.complete(RIDES, 1, slow);

        // Then
        assertThat(time.close("by_minute")).contains(35L);
    }

    @Test
    void a_partition_that_has_said_nothing_holds_the_view_back_until_it_is_idle() {
        // Given
        time.open(RIDES, 0);
        UUID silent = time.open(RIDES, 1);
        time.batch(RIDES, 0, 40);

        // Then
        assertThat(time.close("by_minute")).isEmpty();
        time.clock(101);
        assertThat(time.close("by_minute")).isEmpty();
        time.complete(RIDES, 1, silent);
        assertThat(time.close("by_minute")).contains(35L);
    }

    @Test
    void a_new_partition_holds_the_view_where_it_is() {
        // Given
        time.open(RIDES, 0);
        time.batch(RIDES, 0, 40);
        time.close("by_minute");

        // When
        time.open(RIDES, 1);
        time.batch(RIDES, 0, 60);

        // Then
        assertThat(time.close("by_minute")).isEmpty();
        time.batch(RIDES, 1, 30);
        assertThat(time.close("by_minute")).isEmpty();
        time.batch(RIDES, 1, 50);
        assertThat(time.close("by_minute")).contains(45L);
    }

    @Test
    void a_quiet_stream_goes_on_with_the_wall_clock_as_far_as_its_lanes_say_that_nothing_came() {
        // Given
        UUID first = time.open(RIDES, 0);
        UUID second = time.open(RIDES, 1);
        time.batch(RIDES, 0, 40);
        time.batch(RIDES, 1, 38);

        // When
        time.clock(110);
        time.complete(RIDES, 0, first);
        time.complete(RIDES, 1, second);

        // Then
        assertThat(time.close("by_minute")).contains(45L);
        time.clock(200);
        assertThat(time.close("by_minute")).isEmpty();
    }

    @Test
    void a_restarted_lane_is_not_idle_before_it_has_read_what_came_meanwhile() {
        // Given
        UUID before = time.open(RIDES, 0);
        time.batch(RIDES, 0, 40);
        time.clock(102);
        time.complete(RIDES, 0, before);
        assertThat(time.close("by_minute")).contains(37L);

        // When
        UUID after = time.open(RIDES, 0);
        time.clock(130);

        // Then
        assertThat(time.close("by_minute")).isEmpty();
        time.complete(RIDES, 0, after);
        assertThat(time.close("by_minute")).contains(65L);
    }

    @Test
    void a_partition_whose_instance_died_holds_the_view_back() {
        // Given
        time.open(RIDES, 0);
        UUID dead = time.open(RIDES, 1);
        time.batch(RIDES, 0, 40);
        time.batch(RIDES, 1, 20);
        time.clock(102);
        time.complete(RIDES, 1, dead);
        assertThat(time.close("by_minute")).contains(35L);

        // When
        time.clock(104);
        time.batch(RIDES, 0, 60);

        // Then
        assertThat(time.close("by_minute")).isEmpty();
        time.complete(RIDES, 1, time.open(RIDES, 1));
        assertThat(time.close("by_minute")).contains(55L);
    }

    @Test
    void a_zombie_of_a_lane_cannot_say_that_it_is_complete() {
        // Given
        UUID zombie = time.open(RIDES, 0);
        time.batch(RIDES, 0, 40);
        time.close("by_minute");
        time.open(RIDES, 0);

        // When
        time.clock(120);
        time.complete(RIDES, 0, zombie);

        // Then
        assertThat(time.close("by_minute")).isEmpty();
    }

    @Test
    void an_event_from_the_future_counts_as_one_of_now() {
        time.open(RIDES, 0);
        time.batch(RIDES, 0, 1_000_000);

        assertThat(time.close("by_minute")).contains(95L);
    }

    @Test
    void it_is_shown_how_far_a_view_has_come_and_which_partitions_hold_it_back() {
        // Given
        UUID idle = time.open(RIDES, 0);
        time.open(RIDES, 1);
        time.batch(RIDES, 0, 20);
        time.batch(RIDES, 1, 40);
        time.clock(101);
        time.complete(RIDES, 0, idle);
        time.close("by_minute");
        time.open(RIDES, 2);

        // When
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ViewTimes shown = time.shown(meters);
        ViewTimes.ViewTime view = shown.of("by_minute").orElseThrow();
        shown.measure();

        // Then
        assertThat(view.watermark()).isNull();
        assertThat(view.closedThrough()).isEqualTo(TimeFixture.minute(35));
        assertThat(view.streams()).singleElement().satisfies(stream -> {
            assertThat(stream.partitions())
                    .containsExactly(
                            new ViewTimes.Partition(
                                    0, TimeFixture.minute(20), TimeFixture.minute(100), TimeFixture.minute(101), true),
                            new ViewTimes.Partition(1, TimeFixture.minute(40), TimeFixture.minute(100), null, false),
                            new ViewTimes.Partition(2, null, TimeFixture.minute(101), null, false));
        });
        assertThat(shown.of("other")).isEmpty();
        assertThat(meters.get("leat.view.watermark").gauge().value()).isNaN();
        assertThat(meters.get("leat.view.closed").gauge().value())
                .isEqualTo(TimeFixture.minute(35).getEpochSecond());
        assertThat(meters.get("leat.view.partitions.idle").gauge().value()).isEqualTo(1);

        // When
        time.batch(RIDES, 2, 50);
        shown.measure();

        // Then
        assertThat(meters.get("leat.view.watermark").gauge().value())
                .isEqualTo(TimeFixture.minute(40).getEpochSecond());
    }

    @Test
    void a_delete_has_no_event_time_and_moves_no_watermark() {
        // Given
        time.open(RIDES, 0);
        time.deletes(RIDES, 0, 90);
        assertThat(time.close("by_minute")).isEmpty();
        time.batch(RIDES, 0, 30);
        assertThat(time.close("by_minute")).contains(25L);

        // When
        time.deletes(RIDES, 0, 95, 99);

        // Then
        assertThat(time.close("by_minute")).isEmpty();
        time.batch(RIDES, 0, 40);
        assertThat(time.close("by_minute")).contains(35L);
    }

    @Test
    void a_partition_of_deletes_is_not_idle_while_they_come_and_tells_no_time_after_that() {
        // Given
        UUID first = time.open(RIDES, 0);
        UUID second = time.open(RIDES, 1);
        time.batch(RIDES, 0, 40);
        time.deletes(RIDES, 1, 90);

        // Then
        assertThat(time.close("by_minute")).isEmpty();
        time.clock(102);
        time.complete(RIDES, 1, second);
        assertThat(time.close("by_minute")).contains(35L);
        time.complete(RIDES, 0, first);
        assertThat(time.close("by_minute")).contains(37L);
    }

    @Test
    void a_view_of_two_streams_follows_the_slower_one() {
        time.closes("paid", 0, "rides", "payments");
        time.open(RIDES, 0);
        time.batch(RIDES, 0, 40);
        assertThat(time.close("paid")).isEmpty();

        time.open(PAYMENTS, 0);
        time.batch(PAYMENTS, 0, 33);

        assertThat(time.close("paid")).contains(33L);
    }

    @Test
    void a_stream_that_no_view_needs_leaves_no_trace() {
        time.open(PAYMENTS, 0);
        time.batch(PAYMENTS, 0, 33);

        assertThat(database.rows("SELECT * FROM leat.stream_time")).isEmpty();
    }

    @Test
    void of_two_instances_that_close_at_once_one_does_it() throws Exception {
        // Given
        time.open(RIDES, 0);
        time.batch(RIDES, 0, 40);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> other = inTransaction(held, release, true);
        assertThat(held.await(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)).isTrue();

        // When
        assertThat(time.close("by_minute")).isEmpty();
        release.countDown();
        other.get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);

        // Then
        assertThat(time.close("by_minute")).contains(35L);
        assertThat(time.closed).hasSize(1);
    }

    @Test
    void closing_waits_for_the_batch_in_hand_and_sees_what_it_brought() throws Exception {
        // Given
        time.open(RIDES, 0);
        time.batch(RIDES, 0, 40);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> batch = inTransaction(held, release, false);
        assertThat(held.await(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)).isTrue();

        // When
        CompletableFuture<Object> closing = CompletableFuture.supplyAsync(() -> time.close("by_minute"), THREADS);
        awaitWaiting(closing);
        assertThat(closing).isNotDone();
        release.countDown();
        batch.get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);

        // Then
        assertThat(closing.get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)).isEqualTo(java.util.Optional.of(55L));
    }

    @Test
    void a_batch_waits_while_a_view_is_being_closed() throws Exception {
        // Given
        time.open(RIDES, 0);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> closing = inTransaction(held, release, true);
        assertThat(held.await(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)).isTrue();

        // When
        CompletableFuture<Void> batch = CompletableFuture.runAsync(() -> time.batch(RIDES, 0, 40), THREADS);
        awaitWaiting(batch);

        // Then
        assertThat(batch).isNotDone();
        release.countDown();
        closing.get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);
        batch.get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void batches_and_closings_of_several_views_never_block_each_other_for_good() throws Exception {
        // Given
        time.closes("z", 0, "rides", "payments").closes("a", 0, "payments", "rides");
        time.open(RIDES, 0);
        time.open(PAYMENTS, 0);

        // When
        CompletableFuture<Void> rides = CompletableFuture.runAsync(() -> batches(RIDES), THREADS);
        CompletableFuture<Void> payments = CompletableFuture.runAsync(() -> batches(PAYMENTS), THREADS);
        while (!rides.isDone() || !payments.isDone()) {
            List.of("z", "a", "by_minute").forEach(time::close);
        }

        // Then
        CompletableFuture.allOf(rides, payments).get(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);
        List.of("z", "a").forEach(time::close);
        assertThat(database.rows("SELECT count(*) FROM leat.view_close WHERE closed_through = '2026-03-01T01:00:00Z'"))
                .containsExactly(List.of(2L));
    }

    private void batches(Stream stream) {
        for (int minute = 1; minute <= 60; minute++) {
            time.batch(stream, 0, minute);
        }
    }

    @Test
    void late_events_are_kept_once_counted_and_forgotten_in_time() {
        // Given
        Rows rows = new RowsFixture(RIDES, "id", "at", 0)
                .add("a", 60_000_000L, 7, 0)
                .add("b", 120_000_000L, 9, 0)
                .build();
        // When
        for (int tries = 0; tries < 2; tries++) {
            database.transactions().run(tx -> {
                LateEvents.saveInTransaction(
                        tx, "by_minute", rows, new int[] {0, 1}, List.of(TimeFixture.minute(2), TimeFixture.minute(3)));
                return null;
            });
        }

        // Then
        assertThat(database.rows("SELECT stream, \"offset\" FROM leat.late_event ORDER BY id"))
                .containsExactly(List.of("rides", 7L), List.of("rides", 9L));
        Map<String, Long> late = database.transactions()
                .run(tx -> LateEvents.countInTransaction(tx, "rides", 0, 8, 10))
                .get();
        assertThat(late).isEqualTo(Map.of("by_minute", 1L));

        database.run("UPDATE leat.late_event SET came_at = '2026-03-01T01:00:00Z' WHERE \"offset\" = 7");
        database.run("UPDATE leat.late_event SET came_at = '2026-03-01T01:35:00Z' WHERE \"offset\" = 9");
        int forgotten = database.transactions()
                .run(tx -> LateEvents.forgetInTransaction(tx, Duration.ofMinutes(10), time.wallClock()));
        assertThat(forgotten).isEqualTo(1);
        assertThat(database.rows("SELECT \"offset\" FROM leat.late_event")).containsExactly(List.of(9L));
    }

    /** A transaction that holds the view as a closing or a batch does, and brings an event of minute 60 at its end. */
    private CompletableFuture<Void> inTransaction(CountDownLatch held, CountDownLatch release, boolean closes) {
        return CompletableFuture.runAsync(
                () -> database.transactions().run(tx -> {
                    if (closes) {
                        ViewLocks.closeInTransaction(tx, "by_minute");
                    } else {
                        time.times().shareViewsInTransaction(tx, List.of("rides"));
                        // The lock was only asked for; the closing could get it first.
                        tx.settle();
                    }
                    held.countDown();
                    try {
                        assertThat(release.await(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS))
                                .isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    if (!closes) {
                        time.times()
                                .saveInTransaction(
                                        tx,
                                        "rides",
                                        0,
                                        List.of(new RowsFixture(RIDES, "id", "at", 0)
                                                .add("e", TimeFixture.minute(60).toEpochMilli() * 1000)
                                                .build()));
                    }
                    return null;
                }),
                THREADS);
    }

    /** Until this one waits for an advisory lock. It fails at once when the work is done without waiting. */
    private static void awaitWaiting(CompletableFuture<?> work) {
        while (database.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
                        + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                .isEmpty()) {
            assertThat(work).as("what is to wait for the lock").isNotDone();
        }
    }
}
