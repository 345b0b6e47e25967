package dev.leat.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class MailboxTest {

    @Test
    void it_gives_what_is_there_without_waiting_for_more() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(100, 1 << 20);
        mailbox.put(records(0, 3, 10));
        mailbox.put(records(3, 2, 10));

        // When
        var taken = mailbox.take(100, 1 << 20);

        // Then
        assertThat(taken).extracting(ConsumerRecord::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void it_is_full_at_its_records_and_has_room_again_at_half() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(4, 1 << 20);

        // When, then
        assertThat(mailbox.put(records(0, 3, 10))).isFalse();
        assertThat(mailbox.put(records(3, 3, 10))).isTrue();
        assertThat(mailbox.put(records(6, 1, 10))).describedAs("said once").isFalse();
        mailbox.take(4, 1 << 20);
        assertThat(mailbox.hasRoomAgain()).isFalse();
        mailbox.take(1, 1 << 20);
        assertThat(mailbox.hasRoomAgain()).isTrue();
        assertThat(mailbox.isFull()).isFalse();
    }

    @Test
    void it_is_full_at_its_bytes_and_gives_no_more_than_asked() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(1000, 5000);

        // When
        boolean full = mailbox.put(records(0, 6, 1000));

        // Then
        assertThat(full).isTrue();
        assertThat(mailbox.take(1000, 2000)).hasSize(2);
    }

    @Test
    void a_closed_one_gives_nothing_and_takes_nothing() throws InterruptedException {
        // Given
        Mailbox mailbox = new Mailbox(10, 5000);
        mailbox.put(records(0, 6, 10));

        // When
        mailbox.close();
        mailbox.put(records(6, 6, 10));

        // Then
        assertThat(mailbox.take(10, 5000)).isEmpty();
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
