package dev.leat.ingest.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeekEpochsTest {

    private static final TopicPartition LANE = new TopicPartition("t", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final SeekEpochs epochs = new SeekEpochs();
    private final SeekEpochs.Folder folder = new SeekEpochs.Folder();
    private int epoch;

    @BeforeEach
    void an_epoch_that_began_at_offset_10() {
        consumer.assign(List.of(LANE));
        consumer.updateBeginningOffsets(Map.of(LANE, 10L));
        consumer.seek(LANE, 10);
        epoch = epochs.begin(consumer, LANE, 10, run -> run.size() > 2);
        folder.configure(epochs.customize(ChannelConfig.NAME, null, Map.of()));
    }

    @Test
    void it_is_quiet_up_to_where_the_consumer_is_once_the_lane_has_taken_in_what_was_polled() {
        // Given
        poll(15, 10, 11);

        // When
        consumer.seek(LANE, 20);

        // Then
        assertThat(epochs.scannedTo(LANE, epoch, 12)).isEqualTo(OptionalLong.of(20));
    }

    @Test
    void it_is_not_quiet_while_events_are_under_way_to_the_lane() {
        // Given
        poll(12, 10, 11);

        // When
        consumer.seek(LANE, 20);

        // Then
        assertThat(epochs.scannedTo(LANE, epoch, 10)).isEqualTo(OptionalLong.of(10));
        assertThat(epochs.scannedTo(LANE, epoch, 11)).isEqualTo(OptionalLong.of(11));
    }

    @Test
    void it_goes_on_over_gaps_in_a_log_that_still_has_its_beginning() {
        assertThat(poll(31, 30)).isEqualTo(epoch);
        assertThat(poll(41, 40)).isEqualTo(epoch);
    }

    @Test
    void it_ends_where_retention_has_overtaken_the_lane() {
        // Given
        poll(12, 10, 11);

        // When
        consumer.updateBeginningOffsets(Map.of(LANE, 13L));

        // Then
        assertThat(poll(14, 13)).isEqualTo(-1);
        assertThat(poll(15, 14)).describedAs("nothing after it").isEqualTo(-1);
        assertThat(epochs.scannedTo(LANE, epoch, 12)).isEmpty();
    }

    @Test
    void it_ends_where_retention_has_overtaken_the_lane_and_left_no_event() {
        // Given
        poll(12, 10, 11);

        // When
        consumer.updateBeginningOffsets(Map.of(LANE, 20L));
        consumer.seek(LANE, 20);

        // Then
        assertThat(epochs.scannedTo(LANE, epoch, 12)).isEmpty();
        assertThat(poll(21, 20)).isEqualTo(-1);
    }

    @Test
    void it_ends_where_the_log_has_begun_anew() {
        // Given
        poll(12, 10, 11);

        // When the topic was deleted and made again, and the consumer was set back
        consumer.updateBeginningOffsets(Map.of(LANE, 0L));

        // Then
        assertThat(poll(1, 0)).isEqualTo(-1);
        assertThat(poll(13, 12)).describedAs("nothing after it").isEqualTo(-1);
        assertThat(epochs.scannedTo(LANE, epoch, 12)).isEmpty();
    }

    @Test
    void it_ends_where_the_log_has_begun_anew_and_has_no_event_yet() {
        // Given
        poll(12, 10, 11);

        // When
        consumer.updateBeginningOffsets(Map.of(LANE, 0L));
        consumer.seek(LANE, 0);

        // Then
        assertThat(epochs.scannedTo(LANE, epoch, 12)).isEmpty();
    }

    @Test
    void it_pauses_the_partition_with_the_run_that_fills_the_mailbox() {
        poll(12, 10, 11);
        assertThat(consumer.paused()).isEmpty();

        poll(15, 12, 13, 14);
        assertThat(consumer.paused()).containsExactly(LANE);
    }

    @Test
    void another_one_is_over() {
        assertThat(epochs.scannedTo(LANE, epoch - 1, 10)).isEmpty();
        epochs.end(LANE);
        assertThat(epochs.scannedTo(LANE, epoch, 10)).isEmpty();
    }

    @Test
    void what_a_poll_brings_of_a_partition_goes_through_the_channel_as_one_record() {
        // When
        ConsumerRecords<byte[], byte[]> folded = folded(13, 10, 11, 12);

        // Then
        assertThat(folded.count()).isEqualTo(1);
        PolledRun run = (PolledRun) folded.records(LANE).getFirst();
        assertThat(run.records().size()).isEqualTo(3);
        assertThat(run.records().offset(0)).isEqualTo(10);
        assertThat(run.records().next()).isEqualTo(13);
        assertThat(folded.nextOffsets().get(LANE).offset()).isEqualTo(13);
    }

    /** @return the epoch that the lane sees; -1 when it gets nothing */
    private int poll(long position, long... offsets) {
        ConsumerRecords<byte[], byte[]> folded = folded(position, offsets);
        return folded.isEmpty() ? -1 : ((PolledRun) folded.iterator().next()).epoch();
    }

    private ConsumerRecords<byte[], byte[]> folded(long position, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> run = new ArrayList<>();
        for (long offset : offsets) {
            run.add(new ConsumerRecord<>(LANE.topic(), LANE.partition(), offset, null, null));
        }
        ConsumerRecords<byte[], byte[]> folded = folder.onConsume(
                new ConsumerRecords<>(Map.of(LANE, run), Map.of(LANE, new OffsetAndMetadata(position))));
        consumer.seek(LANE, position);
        return folded;
    }
}
