package dev.leat.ingest.channel;

import dev.leat.schema.wire.Records;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Tells records that were polled since a lane's last seek from older ones that are still on their way. Offsets can't tell:
 * they have gaps. A stale run that begins beyond the seek looks like a compacted topic, and what lies between would be lost.
 *
 * <p>An epoch begins with a seek, on the polling thread. The interceptor, on the same thread, packs each polled run into one
 * record with the current epoch. The lane takes only runs of its own epoch.
 *
 * <p>Some gaps hold no event: compaction, markers of transactions, aborted records. Others are events that retention has
 * removed before a slow lane took them: there the consumer jumps to the log's new beginning. Such a jump ends the epoch. The
 * lane then opens again and finds that its checkpoint is outside of the log. So does a jump back: the log has begun anew.
 */
@ApplicationScoped
public class SeekEpochs implements ClientCustomizer<Map<String, Object>> {

    private static final Logger LOG = Logger.getLogger(SeekEpochs.class);

    private static final String SELF = "leat.epochs";

    private final AtomicInteger last = new AtomicInteger();

    // Written and read by the polling thread only; concurrent because consumers may share this bean.
    private final Map<TopicPartition, Epoch> current = new ConcurrentHashMap<>();

    /** What was polled of a partition since a seek. Polling thread only. */
    private static final class Epoch {
        private final int number;
        private final Consumer<?, ?> consumer;
        private final TopicPartition partition;
        private final Predicate<Records> fills;
        // The offset after the last record that was polled, and the one that the poll after it asked for.
        private long polled;
        private long position;

        private Epoch(
                int number, Consumer<?, ?> consumer, TopicPartition partition, long offset, Predicate<Records> fills) {
            this.number = number;
            this.consumer = consumer;
            this.partition = partition;
            this.fills = fills;
            this.polled = offset;
            this.position = offset;
        }

        /** Whether no event that the log ever had lies between the last poll and this offset. */
        private boolean reaches(long offset) {
            // Only a gap has to be checked. The log's beginning never goes back; at or below the position, it proves
            // that
            // the broker has scanned all of the gap.
            return offset <= position || LogOffsets.beginning(consumer, partition) <= position;
        }
    }

    /**
     * Begins an epoch at the offset that was sought. Polling thread.
     *
     * @param fills asked for each polled run, before it is offered, whether the partition is to pause now
     */
    int begin(Consumer<?, ?> consumer, TopicPartition partition, long offset, Predicate<Records> fills) {
        int epoch = last.incrementAndGet();
        current.put(partition, new Epoch(epoch, consumer, partition, offset, fills));
        return epoch;
    }

    /**
     * The scanned position past an offset gap: how far the log has been read after the last event that a lane has taken,
     * without another one. Polling thread, so that no poll comes in between.
     *
     * @param taken offset after that event
     * @return {@code taken} while later events are on their way to the lane; empty when its epoch is over
     */
    OptionalLong scannedTo(TopicPartition partition, int number, long taken) {
        Epoch epoch = current.get(partition);
        if (epoch == null || epoch.number != number) {
            return OptionalLong.empty();
        }
        if (epoch.polled > taken) {
            return OptionalLong.of(taken);
        }
        long position = LogOffsets.position(epoch.consumer, partition);
        if (position < epoch.position) {
            end(partition);
            return OptionalLong.empty();
        }
        if (position <= taken) {
            return OptionalLong.of(taken);
        }
        if (!epoch.reaches(position)) {
            end(partition);
            return OptionalLong.empty();
        }
        epoch.position = position;
        return OptionalLong.of(position);
    }

    /** Nothing that is polled from now on belongs to a lane. Polling thread. */
    void end(TopicPartition partition) {
        current.remove(partition);
    }

    @Override
    public Map<String, Object> customize(String channel, Config config, Map<String, Object> client) {
        if (!ChannelConfig.NAME.equals(channel)) {
            return client;
        }
        Map<String, Object> customized = new HashMap<>(client);
        customized.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(Folder.class.getName()));
        customized.put(SELF, this);
        return customized;
    }

    /**
     * Packs each polled run into one record with its epoch, while its records are in the processor's cache; drops what
     * belongs to none. Created by the Kafka client, from its name.
     */
    @RegisterForReflection
    public static final class Folder implements ConsumerInterceptor<byte[], byte[]> {

        private SeekEpochs epochs;

        @Override
        public void configure(Map<String, ?> configs) {
            epochs = (SeekEpochs) configs.get(SELF);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> runs = new HashMap<>();
            for (TopicPartition partition : records.partitions()) {
                Epoch epoch = epochs.current.get(partition);
                if (epoch != null) {
                    try {
                        List<ConsumerRecord<byte[], byte[]>> folded = fold(epoch, records);
                        if (!folded.isEmpty()) {
                            runs.put(partition, folded);
                        }
                    } catch (RuntimeException e) {
                        // Whether anything is lost can't be told now. Nothing may follow a run that was dropped.
                        LOG.debugf("epoch ends partition=%s error=%s", partition, e);
                        epochs.end(partition);
                    }
                }
            }
            return new ConsumerRecords<>(runs, records.nextOffsets());
        }

        private List<ConsumerRecord<byte[], byte[]>> fold(Epoch epoch, ConsumerRecords<byte[], byte[]> records) {
            List<ConsumerRecord<byte[], byte[]>> run = records.records(epoch.partition);
            long first = run.getFirst().offset();
            if (first < epoch.polled || !epoch.reaches(first)) {
                epochs.end(epoch.partition);
                return List.of();
            }
            epoch.polled = run.getLast().offset() + 1;
            epoch.position = records.nextOffsets().get(epoch.partition).offset();
            List<ConsumerRecord<byte[], byte[]>> folded = new ArrayList<>(1);
            for (Records packed : Records.runsOf(run, Records.MOST_BYTES)) {
                if (epoch.fills.test(packed)) {
                    // Here, because what was fetched is polled again and again before another task runs on this thread.
                    epoch.consumer.pause(List.of(epoch.partition));
                }
                folded.add(new PolledRun(epoch.number, packed));
            }
            return folded;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }
}
