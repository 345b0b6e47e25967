package dev.leat.ingest;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;

/**
 * Tells records that were polled since a lane's last seek from older ones that are still under way. Offsets can't: they
 * have gaps, so a stale run that begins ahead of the seek looks just like a compacted topic, and what lies between would
 * be lost.
 *
 * <p>An epoch begins with a seek, on the polling thread; the interceptor, on the same thread, marks the first record of
 * each polled run with the epoch that is current then. The lane takes only runs of its own epoch.
 */
@ApplicationScoped
public class Epochs implements ClientCustomizer<Map<String, Object>> {

    static final String HEADER = "leat-epoch";
    private static final String SELF = "leat.epochs";

    private final AtomicInteger last = new AtomicInteger();

    // Written and read by the polling thread only; concurrent because consumers may share this bean.
    private final Map<TopicPartition, Integer> current = new ConcurrentHashMap<>();

    /** Begins an epoch. Polling thread. */
    int begin(TopicPartition partition) {
        int epoch = last.incrementAndGet();
        current.put(partition, epoch);
        return epoch;
    }

    /** Nothing that is polled from now on belongs to a lane. Polling thread. */
    void end(TopicPartition partition) {
        current.remove(partition);
    }

    /** The epoch in which a run was polled, or -1. Takes the mark off. */
    static int of(List<ConsumerRecord<byte[], byte[]>> run) {
        ConsumerRecord<byte[], byte[]> first = run.getFirst();
        var header = first.headers().lastHeader(HEADER);
        if (header == null) {
            return -1;
        }
        first.headers().remove(HEADER);
        return java.nio.ByteBuffer.wrap(header.value()).getInt();
    }

    @Override
    public Map<String, Object> customize(String channel, Config config, Map<String, Object> client) {
        if (!EventChannel.NAME.equals(channel)) {
            return client;
        }
        Map<String, Object> customized = new HashMap<>(client);
        customized.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(Marker.class.getName()));
        customized.put(SELF, this);
        return customized;
    }

    /** Marks polled runs. Made by the Kafka client, from its name. */
    @RegisterForReflection
    public static final class Marker implements ConsumerInterceptor<byte[], byte[]> {

        private Epochs epochs;

        @Override
        public void configure(Map<String, ?> configs) {
            epochs = (Epochs) configs.get(SELF);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            for (TopicPartition partition : records.partitions()) {
                Integer epoch = epochs.current.get(partition);
                if (epoch != null) {
                    records.records(partition)
                            .getFirst()
                            .headers()
                            .add(
                                    HEADER,
                                    java.nio.ByteBuffer.allocate(4)
                                            .putInt(epoch)
                                            .array());
                }
            }
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }
}
