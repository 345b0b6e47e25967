package dev.leat.ingest.lane;

import dev.leat.ingest.channel.EventChannel;
import dev.leat.ingest.channel.PolledRun;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** The lanes that this instance has now. */
@ApplicationScoped
public class Lanes {

    private static final long USUAL_BUFFER = 64L << 20;
    private static final int OF_HEAP = 8;

    private static final Logger LOG = Logger.getLogger(Lanes.class);

    private final LaneResources leat;

    // Changed by the polling thread (rebalances) and at shutdown; read by the event loop and by health.
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean drained;

    Lanes(LaneResources leat) {
        this.leat = leat;
        leat.meters.observe(this);
    }

    /** How each lane is, by topic-partition. */
    public Map<String, LaneState> states() {
        Map<String, LaneState> states = new TreeMap<>();
        lanes.forEach((partition, lane) -> states.put(partition.toString(), lane.state()));
        return states;
    }

    /** How many lanes are like that. */
    long count(Class<? extends LaneState> state) {
        return lanes.values().stream()
                .map(Lane::state)
                .filter(state::isInstance)
                .count();
    }

    /** What the events that wait take of the memory, in bytes. */
    long buffered() {
        return lanes.values().stream().mapToLong(Lane::buffered).sum();
    }

    /** How many events the lane with the largest batches takes at once. */
    int batchRecords() {
        return lanes.values().stream().mapToInt(Lane::batchRecords).max().orElse(0);
    }

    private long buffer() {
        return leat.config
                .buffer()
                .map(MemorySize::asLongValue)
                .orElse(Math.min(USUAL_BUFFER, Runtime.getRuntime().maxMemory() / OF_HEAP));
    }

    /** What each lane's waiting events may take of the memory now. */
    private long share() {
        return buffer() / Math.max(1, lanes.size());
    }

    public void offer(PolledRun run) {
        Lane lane = lanes.get(new TopicPartition(run.topic(), run.partition()));
        if (lane != null) {
            lane.offer(run);
        }
    }

    public void open(TopicPartition partition, EventChannel channel) {
        if (drained) {
            return;
        }
        Lane lane = new Lane(partition, channel, leat, this::share);
        lanes.put(partition, lane);
        Thread.ofVirtual().name("lane-" + partition).start(lane);
    }

    /** Closes these lanes and waits for their batches in hand, within {@code leat.ingest.drain-within}. */
    public Map<TopicPartition, OffsetAndMetadata> close(Collection<TopicPartition> partitions) {
        List<Lane> closed =
                partitions.stream().map(lanes::remove).filter(Objects::nonNull).toList();
        closed.forEach(Lane::close);
        awaitEnd(closed);
        return leat.acknowledgements.take(partitions.toArray(TopicPartition[]::new));
    }

    /** Ends all lanes in order: batches in hand and open lake files are completed, within the same time. */
    public Map<TopicPartition, OffsetAndMetadata> drain() {
        drained = true;
        List<Lane> draining = List.copyOf(lanes.values());
        draining.forEach(Lane::drain);
        awaitEnd(draining);
        // The consumer's closing revokes all partitions, and must not wait once more for lanes that are still busy.
        lanes.clear();
        return leat.acknowledgements.take(draining.stream().map(Lane::partition).toArray(TopicPartition[]::new));
    }

    private void awaitEnd(List<Lane> closed) {
        long until = System.nanoTime() + leat.config.drainWithin().toNanos();
        for (Lane lane : closed) {
            if (!lane.awaitEnd(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                LOG.warnf(
                        "lane still busy topic=%s partition=%d: its batch is left to the next owner",
                        lane.partition().topic(), lane.partition().partition());
            }
        }
    }
}
