package dev.leat.ingest.channel;

import dev.leat.ingest.IngestConfig;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Lets Kafka's committed offset follow the checkpoint, for lag metrics and autoscaling; nothing resumes from it. Many
 * batches make one commit ({@code leat.ingest.commit-every}). Nothing runs while nothing flows.
 */
@ApplicationScoped
class Acknowledgements {

    private final Vertx vertx;
    private final IngestConfig config;

    // Written by lanes, emptied by the timer; the newest offset of a partition wins.
    private final Map<TopicPartition, Long> pending = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Acknowledgements(Vertx vertx, IngestConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * Any thread.
     *
     * @param commit called on an event loop with the offsets of all lanes that Kafka hasn't been told yet
     */
    void acknowledge(TopicPartition lane, long next, Consumer<Map<TopicPartition, OffsetAndMetadata>> commit) {
        pending.merge(lane, next, Math::max);
        if (scheduled.compareAndSet(false, true)) {
            vertx.setTimer(Math.max(1, config.commitEvery().toMillis()), timer -> {
                scheduled.set(false);
                commit.accept(take(pending.keySet()));
            });
        }
    }

    /** The offsets of these lanes that Kafka hasn't been told yet. */
    Map<TopicPartition, OffsetAndMetadata> take(Collection<TopicPartition> lanes) {
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
