package dev.leat.ingest.lane;

import dev.leat.catalog.ViewsReady;
import dev.leat.ingest.lane.feed.LaneLakes;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.order.ReadFirst;
import dev.leat.ingest.topic.LogRange;
import dev.leat.ingest.topic.OutsideLog;
import dev.leat.pipeline.Stream;
import dev.leat.view.lane.PgCheckpoints;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Finds where a lane resumes, and opens its lakes. Each time that the lane opens; the lane's thread only. */
final class LaneOpening {

    private final TopicPartition partition;
    private final PartitionConsumer consumer;
    private final ViewsReady ready;
    private final ReadFirst readFirst;
    private final Stream.From from;
    private final List<String> streams;
    private final PgCheckpoints checkpoints;
    private final LaneDecoder decoder;
    private final LaneLakes lakes;
    private final LogEnds logEnds;
    private final TopicIdentity identity;
    private final LaneStatus status;

    /** @param streams of the topic; all of them say the same of where it begins if it was never read */
    LaneOpening(
            TopicPartition partition,
            PartitionConsumer consumer,
            ViewsReady ready,
            ReadFirst readFirst,
            List<Stream> streams,
            PgCheckpoints checkpoints,
            LaneDecoder decoder,
            LaneLakes lakes,
            LogEnds logEnds,
            TopicIdentity identity,
            LaneStatus status) {
        this.partition = partition;
        this.consumer = consumer;
        this.ready = ready;
        this.readFirst = readFirst;
        this.from = streams.getFirst().from();
        this.streams = streams.stream().map(Stream::name).toList();
        this.checkpoints = checkpoints;
        this.decoder = decoder;
        this.lakes = lakes;
        this.logEnds = logEnds;
        this.identity = identity;
        this.status = status;
    }

    /**
     * @param checkpoint the views'
     * @param from the lowest of it and the lakes' checkpoints
     */
    record Start(long checkpoint, long from) {}

    Start open() throws InterruptedException {
        status.await(ready.whenReady().toCompletableFuture());
        List<String> parked = ready.parked(streams);
        if (!parked.isEmpty()) {
            status.parked("parked with stream " + String.join(", ", parked));
            status.await(ready.whenReady(streams).toCompletableFuture());
        }
        identity.open();
        readFirst.await();
        long beginning = status.await(consumer.range(partition)).beginning();
        long checkpoint = openViews(beginning);
        logEnds.open();
        // After the checkpoint: whoever adds a column from now on invalidates the lane's parked keys, and columns with
        // them.
        decoder.learnColumns();
        // A lake that is new gets all that the log still has, or, where the views don't begin with that, what they get.
        lakes.open(from instanceof Stream.From.Earliest ? beginning : checkpoint);
        // Asked after the checkpoints: until a moment ago another instance may have moved them.
        LogRange log = status.await(consumer.range(partition));
        if (checkpoint < log.beginning()) {
            // Before a lake rests by itself: one choice is for both.
            requireInLog(checkpoint, log);
        }
        lakes.requireInLog(log.beginning());
        requireInLog(checkpoint, log);
        identity.confirm();
        return new Start(checkpoint, lakes.lowest(checkpoint));
    }

    /** The checkpoint, if there is one; where {@code from:} says, for a topic that was never read; else the log's beginning. */
    private long openViews(long beginning) throws InterruptedException {
        if (!checkpoints.exists(partition.topic(), partition.partition())) {
            checkpoints.begin(
                    partition.topic(),
                    identity.id().orElse(null),
                    status.await(consumer.starts(partition.topic(), from)));
        }
        return checkpoints.open(partition.topic(), partition.partition(), beginning);
    }

    private void requireInLog(long checkpoint, LogRange log) {
        List<OutsideLog.Checkpoint> all = new ArrayList<>();
        all.add(OutsideLog.Checkpoint.ofViews(checkpoint));
        lakes.checkpoints().forEach((stream, next) -> all.add(OutsideLog.Checkpoint.ofLake(stream, next)));
        OutsideLog.requireInside(partition, identity.stream(), log, all);
    }
}
