package dev.leat.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.ingest.IngestConfig;
import dev.leat.ingest.topic.LogRange;
import dev.leat.pipeline.Stream;
import dev.leat.schema.wire.Records;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BatchReceiverTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final Polled polled = new Polled();
    private final BatchReceiver receiver =
            new BatchReceiver(PARTITION, new ContinuedTopic(polled), new Quick(), new Mailbox(() -> 4000));

    @Test
    void it_gives_what_was_polled_since_the_lane_was_opened() throws InterruptedException {
        // Given
        receiver.flowFrom(0);
        polled.run(0, 2);
        receiver.flowFrom(10);

        // When
        receiver.offer(1, records(2, 2));
        polled.run(10, 2);

        // Then
        assertThat(offsets(receiver.receive())).containsExactly(10, 11);
    }

    @Test
    void it_drops_what_comes_after_the_lane_has_let_go() throws InterruptedException {
        // Given
        receiver.flowFrom(0);

        // When
        receiver.halt();
        polled.run(0, 2);

        // Then
        assertThat(receiver.receive().isEmpty()).isTrue();
        assertThat(polled.asked).containsExactly("flow from 0", "halt");
    }

    @Test
    void it_takes_a_batch_and_asks_for_more_when_there_is_room_again() throws InterruptedException {
        // Given
        receiver.flowFrom(0);
        polled.run(0, 150);

        // When
        List<Integer> sizes = new ArrayList<>();
        for (Records batch = receiver.receive(); !batch.isEmpty(); batch = receiver.receive()) {
            receiver.batchBegins();
            sizes.add(batch.size());
        }

        // Then
        assertThat(sizes).containsExactly(100, 50);
        assertThat(polled.asked).containsExactly("flow from 0", "full", "room again");
    }

    private static Records records(long from, int count) {
        return Records.of(LongStream.range(from, from + count)
                .mapToObj(offset -> new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[10]))
                .toList());
    }

    private static long[] offsets(Records records) {
        return IntStream.range(0, records.size()).mapToLong(records::offset).toArray();
    }

    /** Stands for the channel: polls what it is told to, in the epoch that was begun last. */
    private final class Polled implements PartitionConsumer {

        private final List<String> asked = new ArrayList<>();
        private int epoch;
        private Predicate<Records> fills;

        void run(long from, int count) {
            Records run = records(from, count);
            if (fills.test(run)) {
                asked.add("full");
            }
            receiver.offer(epoch, run);
        }

        @Override
        public CompletableFuture<Boolean> flowFrom(
                TopicPartition partition, long offset, Predicate<Records> fills, IntConsumer begun) {
            asked.add("flow from " + offset);
            this.fills = fills;
            begun.accept(++epoch);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void halt(TopicPartition partition) {
            asked.add("halt");
        }

        @Override
        public void regulate(TopicPartition partition, BooleanSupplier isFull) {
            asked.add(isFull.getAsBoolean() ? "still full" : "room again");
        }

        @Override
        public CompletableFuture<OptionalLong> scannedTo(TopicPartition partition, int epoch, long taken) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Optional<UUID>> topicId(String topic) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<LogRange> range(TopicPartition partition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Map<Integer, Long>> starts(String topic, Stream.From from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void acknowledge(TopicPartition partition, long next) {
            throw new UnsupportedOperationException();
        }
    }

    /** Batches of at most 100 to begin with, and no waiting between them. */
    private record Quick() implements IngestConfig {

        @Override
        public int batchRecords() {
            return 1000;
        }

        @Override
        public Duration batchInterval() {
            return Duration.ZERO;
        }

        @Override
        public long batchBytes() {
            return 1 << 20;
        }

        @Override
        public Duration batchWithin() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Optional<MemorySize> buffer() {
            return Optional.empty();
        }

        @Override
        public Duration idleCheck() {
            return Duration.ofMillis(5);
        }

        @Override
        public Duration topicCheck() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration commitEvery() {
            return Duration.ofMinutes(1);
        }
    }
}
