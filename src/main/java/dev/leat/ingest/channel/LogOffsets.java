package dev.leat.ingest.channel;

import dev.leat.ingest.topic.LogRange;
import dev.leat.pipeline.Stream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** What the broker says of logs. Polling thread: as long as the broker doesn't answer, nothing is polled. */
final class LogOffsets {

    private static final Duration ASK_WITHIN = Duration.ofSeconds(5);

    private LogOffsets() {}

    static LogRange range(Consumer<?, ?> consumer, TopicPartition partition) {
        return new LogRange(
                beginning(consumer, partition),
                consumer.endOffsets(List.of(partition), ASK_WITHIN).get(partition));
    }

    static long beginning(Consumer<?, ?> consumer, TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition), ASK_WITHIN).get(partition);
    }

    /** The offset that the next poll asks for. */
    static long position(Consumer<?, ?> consumer, TopicPartition partition) {
        return consumer.position(partition, ASK_WITHIN);
    }

    /** The offset at which each partition of a topic begins that was never read, of those that the topic has now. */
    static Map<Integer, Long> starts(Consumer<?, ?> consumer, String topic, Stream.From from) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic, ASK_WITHIN).stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        return starts(consumer, partitions, from).entrySet().stream()
                .collect(Collectors.toMap(start -> start.getKey().partition(), Map.Entry::getValue));
    }

    private static Map<TopicPartition, Long> starts(
            Consumer<?, ?> consumer, List<TopicPartition> partitions, Stream.From from) {
        return switch (from) {
            case Stream.From.Earliest ignored -> consumer.beginningOffsets(partitions, ASK_WITHIN);
            case Stream.From.Latest ignored -> consumer.endOffsets(partitions, ASK_WITHIN);
            case Stream.From.At at -> {
                Map<TopicPartition, Long> starts = new HashMap<>(consumer.endOffsets(partitions, ASK_WITHIN));
                Map<TopicPartition, Long> asked = partitions.stream()
                        .collect(Collectors.toMap(p -> p, p -> at.timestamp().toEpochMilli()));
                consumer.offsetsForTimes(asked, ASK_WITHIN).forEach((partition, found) -> {
                    if (found != null) {
                        starts.put(partition, found.offset());
                    }
                });
                yield starts;
            }
        };
    }
}
