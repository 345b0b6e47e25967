package dev.leat.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long MUCH = 1 << 20;

    // Of a record of 10 bytes, about.
    private static final long RECORD = 260;

    @Test
    void it_gives_what_is_there_without_waiting_for_more() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> MUCH);
        deliver(mailbox, records(0, 3, 10));
        deliver(mailbox, records(3, 2, 10));

        // When
        var taken = mailbox.take(100, MUCH, LONG);

        // Then
        assertThat(taken).extracting(ConsumerRecord::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void it_is_full_at_its_share_and_has_room_again_at_half() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(() -> 4 * RECORD);

        // When, then
        assertThat(deliver(mailbox, records(0, 3, 10))).isFalse();
        assertThat(deliver(mailbox, records(3, 3, 10))).isTrue();
        assertThat(deliver(mailbox, records(6, 1, 10))).describedAs("said once").isFalse();
        mailbox.take(4, MUCH, LONG);
        assertThat(mailbox.hasRoomAgain()).isFalse();
        mailbox.take(1, MUCH, LONG);
        assertThat(mailbox.hasRoomAgain()).isTrue();
        assertThat(mailbox.isFull()).isFalse();
    }

    @Test
    void it_is_full_sooner_when_others_need_their_share() {
        // Given
        AtomicLong share = new AtomicLong(100 * RECORD);
        Mailbox mailbox = new Mailbox(share::get);

        // When, then
        assertThat(deliver(mailbox, records(0, 10, 10))).isFalse();
        share.set(10 * RECORD);
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
        assertThat(mailbox.bytes()).isBetween(6 * 1000L, 6 * 1500L);
        assertThat(mailbox.take(1000, 2000, LONG)).hasSize(2);
        assertThat(mailbox.take(1000, MUCH, LONG)).hasSize(4);
        assertThat(mailbox.bytes()).isZero();
    }

    @Test
    void it_waits_no_longer_than_asked() throws InterruptedException {
        assertThat(new Mailbox(() -> MUCH).take(10, MUCH, Duration.ofMillis(5))).isEmpty();
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
        assertThat(mailbox.take(10, 5000, LONG)).isEmpty();
    }

    private static boolean deliver(Mailbox mailbox, List<ConsumerRecord<byte[], byte[]>> run) {
        boolean full = mailbox.announce(run);
        mailbox.put(run);
        return full;
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(long from, int count, int bytes) {
        return LongStream.range(from, from + count)
                .mapToObj(offset -> new ConsumerRecord<>(
                        "t",
                        0,
                        offset,
                        0L,
                        TimestampType.CREATE_TIME,
                        0,
                        bytes,
                        new byte[0],
                        new byte[bytes],
                        new RecordHeaders(),
                        Optional.empty()))
                .toList();
    }
}
