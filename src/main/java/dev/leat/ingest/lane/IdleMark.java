package dev.leat.ingest.lane;

import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.pipeline.Stream;
import dev.leat.view.lane.PgCheckpoints;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Saves, at most once an hour, that the lane has nothing to do: then no event ids are kept for its sake. Saves nothing
 * where no stream of the topic deduplicates. The lane's thread only.
 */
final class IdleMark {

    private static final Duration EVERY = Duration.ofHours(1);

    private final TopicPartition partition;
    private final PgCheckpoints checkpoints;
    private final LaneStatus status;
    private final boolean isNeeded;
    private long savedAt; // of System.nanoTime

    /** @param streams of the lane's topic */
    IdleMark(TopicPartition partition, List<Stream> streams, PgCheckpoints checkpoints, LaneStatus status) {
        this.partition = partition;
        this.checkpoints = checkpoints;
        this.status = status;
        this.isNeeded = streams.stream().anyMatch(stream -> stream.deduplicate().isPresent());
        reset();
    }

    /** The next one is saved at once. */
    void reset() {
        savedAt = System.nanoTime() - EVERY.toNanos() - 1;
    }

    void save() throws InterruptedException {
        if (isNeeded && System.nanoTime() - savedAt > EVERY.toNanos()) {
            status.run(() -> checkpoints.saveCaughtUp(partition.topic(), partition.partition()));
            savedAt = System.nanoTime();
        }
    }
}
