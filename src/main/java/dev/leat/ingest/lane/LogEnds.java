package dev.leat.ingest.lane;

import dev.leat.ingest.channel.EventChannel;
import dev.leat.pipeline.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Says from time to time that the lane has applied all that its log held at some moment, for views that close: it asks where
 * the log ends, and says so when the checkpoint has come there, however long that takes. A lane whose topic no such view
 * follows asks nothing. The lane's thread only.
 */
final class LogEnds {

    private static final Logger LOG = Logger.getLogger(Lane.class);

    private final TopicPartition partition;
    private final LaneResources leat;
    private final LaneStatus status;
    private final EventChannel channel;
    private final List<String> streams;

    private UUID owner; // another one at each opening
    private Set<String> timed = Set.of(); // the streams that views needed the time of at the opening
    private Look look; // null while none is under way
    private long nextLook;

    LogEnds(TopicPartition partition, LaneResources leat, LaneStatus status, EventChannel channel) {
        this.partition = partition;
        this.leat = leat;
        this.status = status;
        this.channel = channel;
        this.streams = leat.pipeline.streamsOf(partition.topic()).stream()
                .map(Stream::name)
                .toList();
    }

    private record Look(long at, long end) {}

    /** Takes back what the lane's last owner said: what has come since isn't applied yet. */
    void open() {
        owner = UUID.randomUUID();
        timed = leat.times.needed(streams);
        look = null;
        nextLook = System.nanoTime();
        leat.times.open(streams, partition.topic(), partition.partition(), owner);
    }

    /** @param next the views' checkpoint */
    void look(long next) throws InterruptedException {
        if (look == null && System.nanoTime() - nextLook >= 0 && leat.times.needs(streams)) {
            if (!leat.times.needed(streams).equals(timed)) {
                // A view that closes has come since.
                status.insist(() -> {
                    open();
                    return null;
                });
            }
            ask();
        }
        if (look != null && next >= look.end()) {
            long at = look.at();
            status.insist(() -> {
                leat.times.complete(
                        partition.topic(), partition.partition(), owner, Duration.ofNanos(System.nanoTime() - at));
                return null;
            });
            look = null;
        }
    }

    private void ask() throws InterruptedException {
        // Before the question: what comes while it is under way isn't covered by the answer.
        long at = System.nanoTime();
        nextLook = at + leat.times.completeEvery().toNanos();
        try {
            look = new Look(at, status.await(channel.range(partition)).end());
        } catch (LaneStatus.Closing e) {
            throw e;
        } catch (RuntimeException e) {
            // The partition isn't idle while nobody can say so.
            LOG.debugf(
                    "end of log unknown topic=%s partition=%d error=%s",
                    partition.topic(), partition.partition(), e.getMessage());
        }
    }
}
