package dev.leat.ingest.lane;

import dev.leat.failure.Unavailable;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.pipeline.Stream;
import dev.leat.view.time.StreamTimes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Tells views that close, from time to time, that the lane has applied all that its log held at some moment. It asks where
 * the log ends, and tells them once the checkpoint is there, however long that takes. Asks nothing where no such view
 * follows the topic. The lane's thread only.
 */
final class LogEnds {

    private static final Logger LOG = Logger.getLogger(LogEnds.class);

    private final TopicPartition partition;
    private final PartitionConsumer consumer;
    private final StreamTimes times;
    private final LaneStatus status;
    private final List<String> streams;

    private UUID owner; // another one at each opening
    private Set<String> timed = Set.of(); // the streams that views needed the time of at the opening
    private Look look; // null while none is under way
    private long nextLook;

    /** @param streams of the lane's topic */
    LogEnds(
            TopicPartition partition,
            PartitionConsumer consumer,
            List<Stream> streams,
            StreamTimes times,
            LaneStatus status) {
        this.partition = partition;
        this.consumer = consumer;
        this.times = times;
        this.status = status;
        this.streams = streams.stream().map(Stream::name).toList();
    }

    private record Look(long at, long end) {}

    /** Revokes what the lane's last owner told: what has come since isn't applied yet. */
    void open() {
        owner = UUID.randomUUID();
        timed = times.needed(streams);
        look = null;
        nextLook = System.nanoTime();
        times.open(streams, partition.topic(), partition.partition(), owner);
    }

    /** @param next the views' checkpoint */
    void look(long next) throws InterruptedException {
        if (look == null && System.nanoTime() - nextLook >= 0 && times.needs(streams)) {
            if (!times.needed(streams).equals(timed)) {
                // Another view that closes follows the topic now.
                status.run(this::open);
            }
            ask();
        }
        if (look != null && next >= look.end()) {
            long at = look.at();
            status.run(() -> times.complete(
                    partition.topic(), partition.partition(), owner, Duration.ofNanos(System.nanoTime() - at)));
            look = null;
        }
    }

    private void ask() throws InterruptedException {
        // Before the question, because the answer doesn't cover what comes meanwhile.
        long at = System.nanoTime();
        nextLook = at + times.completeEvery().toNanos();
        try {
            look = new Look(at, status.await(consumer.range(partition)).end());
        } catch (RuntimeException e) {
            if (!Unavailable.is(e)) {
                throw e;
            }
            // The partition isn't idle while nobody can say so.
            LOG.debugf(
                    "end of log unknown topic=%s partition=%d error=%s",
                    partition.topic(), partition.partition(), e.getMessage());
        }
    }
}
