package dev.leat.ingest.channel;

import dev.leat.ingest.IngestConfig;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Lets Kafka's committed offset follow the checkpoint, for lag metrics and autoscaling; nothing resumes from it. Many
 * batches make one commit ({@code leat.ingest.commit-every}); nothing runs while nothing flows.
 */
@ApplicationScoped
public class Acknowledgements {

    private final Vertx vertx;
    private final IngestConfig config;

    // Written by lanes, emptied by the timer; the newest offset of a partition wins.
    private final Map<TopicPartition, Long> pending = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Acknowledgements(Vertx vertx, IngestConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    public void acknowledge(TopicPartition lane, long next, EventChannel channel) {
        pending.merge(lane, next, Math::max);
        if (scheduled.compareAndSet(false, true)) {
            vertx.setTimer(Math.max(1, config.commitEvery().toMillis()), timer -> {
                scheduled.set(false);
                channel.commit(
                        take(pending.keySet().toArray(TopicPartition[]::new)),
                        // Once more: a lane that is idle now would else keep its lag, and an autoscaler its instance.
                        refused -> refused.forEach(
                                (partition, offset) -> acknowledge(partition, offset.offset(), channel)));
            });
        }
    }

    /** The offsets of these lanes that Kafka hasn't been told yet. */
    public Map<TopicPartition, OffsetAndMetadata> take(TopicPartition... lanes) {
        Map<TopicPartition, OffsetAndMetadata> taken = new HashMap<>();
        for (TopicPartition lane : lanes) {
            Long next = pending.remove(lane);
            if (next != null) {
                taken.put(lane, new OffsetAndMetadata(next));
            }
        }
        return taken;
    }
}
