package dev.leat.ingest.rebuild;

import dev.leat.schema.wire.Records;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads one partition's log by a consumer of its own that belongs to no group. Not thread-safe; blocks on the broker. */
final class TopicLog implements AutoCloseable {

    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final TopicPartition partition;
    private final long base; // added to Kafka's offsets
    private final KafkaConsumer<byte[], byte[]> consumer;
    private Records polled = Records.NONE; // and not yet read
    private long position = -1;

    /** @param base what is added to Kafka's offsets of the topic, so that positions go on after those of the one before */
    TopicLog(Map<String, Object> kafka, TopicPartition partition, long base) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.keySet().retainAll(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A lane may be locked while we wait for the end of the log.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        this.partition = partition;
        this.base = base;
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
    }

    /**
     * The records between two offsets.
     *
     * @param next offset after the run; offsets without a record have no event
     */
    record Run(Records records, long next) {}

    /** Position of the first event that the broker still has; of a partition that isn't there any more, of the next. */
    long beginning() {
        boolean exists = consumer.partitionsFor(partition.topic(), WITHIN).stream()
                .anyMatch(p -> p.partition() == partition.partition());
        return exists
                ? base + consumer.beginningOffsets(List.of(partition), WITHIN).get(partition)
                : base;
    }

    /**
     * The next events from one position up to another.
     *
     * @param within how long to wait when none is there yet
     * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException when the log begins after {@code from}
     */
    Run read(long from, long below, int atMost, Duration within) {
        if (from < base) {
            throw new OffsetOutOfRangeException(Map.of(partition, from));
        }
        if (from != position) {
            polled = Records.NONE;
            consumer.seek(partition, from - base);
        }
        if (polled.isEmpty()) {
            polled = Records.of(consumer.poll(within).records(partition)).shifted(base);
        }
        int read = Math.min(atMost, polled.firstAtOrAbove(below));
        Records records = polled.slice(0, read);
        polled = polled.slice(read, polled.size());
        position = Math.min(below, polled.isEmpty() ? base + consumer.position(partition, WITHIN) : polled.offset(0));
        return new Run(records, position);
    }

    @Override
    public void close() {
        consumer.close(Duration.ZERO);
    }
}
