package dev.leat.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schema.wire.Records;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long MUCH = 1 << 20;

    // Of a record of 10 bytes among others, and of the run that they are polled in.
    private static final long RECORD = 34;
    private static final long RUN = 200;

    @Test
    void it_gives_what_is_there_without_waiting_for_more() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> MUCH);
        deliver(mailbox, records(0, 3, 10));
        deliver(mailbox, records(3, 2, 10));

        // When
        var taken = mailbox.take(100, MUCH, LONG);

        // Then
        assertThat(offsets(taken)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void it_is_full_at_its_share_and_has_room_again_at_half() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> 2 * RUN + 60 * RECORD);

        // When, then
        assertThat(deliver(mailbox, records(0, 30, 10))).isFalse();
        assertThat(deliver(mailbox, records(30, 30, 10))).isTrue();
        assertThat(deliver(mailbox, records(60, 1, 10)))
                .describedAs("said once")
                .isFalse();
        mailbox.take(30, MUCH, LONG);
        assertThat(mailbox.hasRoomAgain()).isFalse();
        mailbox.take(7, MUCH, LONG);
        assertThat(mailbox.hasRoomAgain()).isTrue();
        assertThat(mailbox.isFull()).isFalse();
    }

    @Test
    void it_is_full_sooner_when_others_need_their_share() {
        // Given
        AtomicLong share = new AtomicLong(RUN + 100 * RECORD);
        Mailbox mailbox = new Mailbox(share::get);

        // When, then
        assertThat(deliver(mailbox, records(0, 10, 10))).isFalse();
        share.set(RUN + 10 * RECORD);
        assertThat(deliver(mailbox, records(10, 1, 10))).isTrue();
    }

    @Test
    void it_knows_what_it_holds_and_gives_no_more_than_asked() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> 5000);

        // When
        boolean full = deliver(mailbox, records(0, 6, 1000));

        // Then
        assertThat(full).isTrue();
        assertThat(mailbox.bytes()).isBetween(6 * 1000L, 6 * 1100L);
        assertThat(offsets(mailbox.take(1000, 2999, LONG))).containsExactly(0, 1);
        assertThat(offsets(mailbox.take(3, MUCH, LONG))).containsExactly(2, 3, 4);
        assertThat(offsets(mailbox.take(1000, MUCH, LONG))).containsExactly(5);
        assertThat(mailbox.bytes()).isZero();
    }

    @Test
    void a_batch_ends_within_a_run_and_the_next_one_begins_there() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> MUCH);
        deliver(mailbox, records(0, 3, 10));
        deliver(mailbox, records(3, 3, 10));

        // When, then
        assertThat(offsets(mailbox.take(4, MUCH, LONG))).containsExactly(0, 1, 2, 3);
        deliver(mailbox, records(6, 2, 10));
        assertThat(offsets(mailbox.take(1000, 30, LONG))).containsExactly(4, 5, 6);
        assertThat(offsets(mailbox.take(1000, MUCH, LONG))).containsExactly(7);
        assertThat(mailbox.bytes()).isZero();
    }

    @Test
    void a_record_that_is_larger_than_a_batch_goes_alone() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> MUCH);
        deliver(mailbox, records(0, 1, 10));
        deliver(mailbox, records(1, 2, 5000));
        deliver(mailbox, records(3, 1, 0));

        // When, then
        assertThat(offsets(mailbox.take(1000, 2000, LONG))).containsExactly(0);
        assertThat(offsets(mailbox.take(1000, 2000, LONG))).containsExactly(1);
        assertThat(offsets(mailbox.take(1000, 2000, LONG))).containsExactly(2);
        assertThat(offsets(mailbox.take(1000, 2000, LONG))).containsExactly(3);
    }

    @Test
    void what_is_announced_counts_before_it_is_put_and_no_longer_once_it_is_cleared() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> 1000);
        Records run = records(0, 1, 1000);

        // When, then
        assertThat(mailbox.announce(run)).isTrue();
        assertThat(mailbox.bytes()).isEqualTo(run.memory());
        mailbox.put(run);
        assertThat(mailbox.bytes()).isEqualTo(run.memory());
        mailbox.clear();
        assertThat(mailbox.bytes()).isZero();
        assertThat(mailbox.isFull()).isFalse();
        assertThat(mailbox.take(10, MUCH, Duration.ofMillis(5)).isEmpty()).isTrue();
    }

    @Test
    void whoever_gathers_is_woken_once_so_many_records_are_there() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> MUCH);
        deliver(mailbox, records(0, 2, 10));
        Thread delivering = Thread.ofVirtual().start(() -> {
            deliver(mailbox, records(2, 2, 10));
            deliver(mailbox, records(4, 2, 10));
        });

        // When
        mailbox.gather(6, System.nanoTime() + LONG.toNanos());

        // Then
        assertThat(offsets(mailbox.take(100, MUCH, LONG))).containsExactly(0, 1, 2, 3, 4, 5);
        delivering.join();
    }

    @Test
    void whoever_gathers_waits_neither_for_more_than_has_room_nor_beyond_his_time() throws InterruptedException {
        // Given
        Mailbox full = new Mailbox(() -> 5000);
        deliver(full, records(0, 6, 1000));
        Mailbox quiet = new Mailbox(() -> MUCH);
        deliver(quiet, records(0, 1, 10));

        // When
        full.gather(100, System.nanoTime() + LONG.toNanos());
        quiet.gather(100, System.nanoTime() + Duration.ofMillis(5).toNanos());

        // Then
        assertThat(offsets(full.take(100, MUCH, LONG))).hasSize(6);
        assertThat(offsets(quiet.take(100, MUCH, LONG))).hasSize(1);
    }

    @Test
    void it_waits_no_longer_than_asked() throws InterruptedException {
        assertThat(new Mailbox(() -> MUCH).take(10, MUCH, Duration.ofMillis(5)).isEmpty())
                .isTrue();
    }

    @Test
    void a_closed_one_gives_nothing_and_takes_nothing() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> 5000);
        deliver(mailbox, records(0, 6, 10));

        // When
        mailbox.close();
        deliver(mailbox, records(6, 6, 10));

        // Then
        assertThat(mailbox.take(10, 5000, LONG).isEmpty()).isTrue();
    }

    private static boolean deliver(Mailbox mailbox, Records run) {
        boolean full = mailbox.announce(run);
        mailbox.put(run);
        return full;
    }

    private static Records records(long from, int count, int bytes) {
        return Records.of(LongStream.range(from, from + count)
                .mapToObj(offset -> new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[bytes]))
                .toList());
    }

    private static long[] offsets(Records records) {
        return IntStream.range(0, records.size()).mapToLong(records::offset).toArray();
    }
}
