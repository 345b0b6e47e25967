package dev.leat.ingest.lane;

import dev.leat.ingest.IngestConfig;
import dev.leat.ingest.lane.status.LaneMeters;
import dev.leat.ingest.lane.status.LaneState;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.wire.Records;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** The lanes that this instance has now. */
@ApplicationScoped
public class Lanes {

    private static final long USUAL_BUFFER = 64L << 20;
    private static final int OF_HEAP = 8;

    private static final Logger LOG = Logger.getLogger(Lanes.class);

    private final LaneFactory factory;
    private final IngestConfig config;
    private final RetryConfig waits;

    // Changed by the polling thread (rebalances) and at shutdown; read by the event loop and by health.
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean drained;

    Lanes(LaneFactory factory, IngestConfig config, RetryConfig waits, LaneMeters meters) {
        this.factory = factory;
        this.config = config;
        this.waits = waits;
        meters.countLanes(this::count);
        meters.observeBuffered(this::buffered);
        meters.observeBatchRecords(this::batchRecords);
    }

    /** How each lane is, by topic-partition. */
    public Map<String, LaneState> states() {
        Map<String, LaneState> states = new TreeMap<>();
        lanes.forEach((partition, lane) -> states.put(partition.toString(), lane.state()));
        return states;
    }

    /** The transaction that this thread runs waits for somebody else's lock. Any thread. */
    void blocked(Thread thread, String message) {
        lanes.values().stream().filter(lane -> lane.isRunBy(thread)).forEach(lane -> lane.blocked(message));
    }

    private long count(Class<? extends LaneState> state) {
        return lanes.values().stream()
                .map(Lane::state)
                .filter(state::isInstance)
                .count();
    }

    private long buffered() {
        return lanes.values().stream().mapToLong(Lane::buffered).sum();
    }

    private int batchRecords() {
        return lanes.values().stream().mapToInt(Lane::batchRecords).max().orElse(0);
    }

    private long buffer() {
        return config.buffer()
                .map(MemorySize::asLongValue)
                .orElse(Math.min(USUAL_BUFFER, Runtime.getRuntime().maxMemory() / OF_HEAP));
    }

    /** How much memory each lane's waiting events may take now. */
    private long share() {
        return buffer() / Math.max(1, lanes.size());
    }

    /**
     * Offers what was polled to its lane. Never waits; event loop.
     *
     * @param epoch the one in which it was polled
     */
    public void offer(TopicPartition partition, int epoch, Records records) {
        Lane lane = lanes.get(partition);
        if (lane != null) {
            lane.offer(epoch, records);
        }
    }

    /** Never waits; polling thread. */
    public void open(TopicPartition partition, PartitionConsumer consumer) {
        if (drained) {
            return;
        }
        Lane lane = factory.create(partition, consumer, this::share);
        lanes.put(partition, lane);
        Thread.ofVirtual().name("lane-" + partition).start(lane);
    }

    /** Closes these lanes and waits for their batches in hand, within {@code leat.ingest.drain-within}. */
    public void close(Collection<TopicPartition> partitions) {
        List<Lane> closed =
                partitions.stream().map(lanes::remove).filter(Objects::nonNull).toList();
        closed.forEach(Lane::close);
        awaitEnd(closed);
    }

    /**
     * Ends all lanes in order: batches in hand and open lake files are completed, within the same time.
     *
     * @return their partitions
     */
    public List<TopicPartition> drain() {
        drained = true;
        List<Lane> draining = List.copyOf(lanes.values());
        draining.forEach(Lane::drain);
        awaitEnd(draining);
        // The consumer's closing revokes all partitions, and must not wait again for lanes that are still busy.
        lanes.clear();
        return draining.stream().map(Lane::partition).toList();
    }

    private void awaitEnd(List<Lane> closed) {
        long until = System.nanoTime() + waits.drainWithin().toNanos();
        for (Lane lane : closed) {
            if (!lane.awaitEnd(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                LOG.warnf(
                        "lane still busy topic=%s partition=%d: its batch is left to the next owner",
                        lane.partition().topic(), lane.partition().partition());
            }
        }
    }
}
