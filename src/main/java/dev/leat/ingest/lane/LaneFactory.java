package dev.leat.ingest.lane;

import dev.leat.catalog.ViewsReady;
import dev.leat.failure.Failures;
import dev.leat.ingest.IngestConfig;
import dev.leat.ingest.lane.feed.LakeSource;
import dev.leat.ingest.lane.feed.LaneLakes;
import dev.leat.ingest.lane.status.FailureReaction;
import dev.leat.ingest.lane.status.LaneMeters;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.lane.status.LaneTurns;
import dev.leat.ingest.lane.status.MissingTypes;
import dev.leat.ingest.lane.status.UnfitVersions;
import dev.leat.ingest.lane.status.ViewsAtFault;
import dev.leat.ingest.order.ReadFirst;
import dev.leat.lake.Lake;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.Contracts;
import dev.leat.schema.KnownColumns;
import dev.leat.view.deadletter.DeadLetterCopier;
import dev.leat.view.lane.BatchApplier;
import dev.leat.view.lane.PastRows;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.lane.PgParkedKeys;
import dev.leat.view.lane.PgReadFirst;
import dev.leat.view.lane.PgTopics;
import dev.leat.view.time.StreamTimes;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/** Puts lanes together. */
@ApplicationScoped
class LaneFactory {

    private final Pipeline pipeline;
    private final Contracts contracts;
    private final KnownColumns known;
    private final BatchApplier views;
    private final PgCheckpoints checkpoints;
    private final PgTopics topics;
    private final PgParkedKeys parkedKeys;
    private final PgReadFirst reading;
    private final PastRows pastRows;
    private final StreamTimes times;
    private final Lake lake;
    private final IngestConfig config;
    private final RetryConfig waits;
    private final ViewsReady ready;
    private final LaneMeters meters;
    private final DeadLetterCopier copies;
    private final ViewsAtFault viewsAtFault;
    private final MissingTypes types;
    private final UnfitVersions unfit;
    private final LaneTurns turns;
    private final Failures failures;

    LaneFactory(
            Pipeline pipeline,
            Contracts contracts,
            KnownColumns known,
            BatchApplier views,
            PgCheckpoints checkpoints,
            PgTopics topics,
            PgParkedKeys parkedKeys,
            PgReadFirst reading,
            PastRows pastRows,
            StreamTimes times,
            Lake lake,
            IngestConfig config,
            RetryConfig waits,
            ViewsReady ready,
            LaneMeters meters,
            DeadLetterCopier copies,
            ViewsAtFault viewsAtFault,
            MissingTypes types,
            UnfitVersions unfit,
            LaneTurns turns,
            Failures failures) {
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.known = known;
        this.views = views;
        this.checkpoints = checkpoints;
        this.topics = topics;
        this.parkedKeys = parkedKeys;
        this.reading = reading;
        this.pastRows = pastRows;
        this.times = times;
        this.lake = lake;
        this.config = config;
        this.waits = waits;
        this.ready = ready;
        this.meters = meters;
        this.copies = copies;
        this.viewsAtFault = viewsAtFault;
        this.types = types;
        this.unfit = unfit;
        this.turns = turns;
        this.failures = failures;
    }

    /** @param share how much memory the lane's waiting events may take now, in bytes */
    Lane create(TopicPartition partition, PartitionConsumer kafka, LongSupplier share) {
        ContinuedTopic consumer = new ContinuedTopic(kafka);
        List<Stream> streams = List.copyOf(pipeline.streamsOf(partition.topic()));
        LaneStatus status = new LaneStatus(partition, waits, meters, failures);
        LaneDecoder decoder = new LaneDecoder(partition, streams, contracts, known, parkedKeys, status);
        LaneLakes lakes =
                new LaneLakes(partition, streams, LakeSource.of(lake), failures, waits, InstantSource.system());
        LogEnds logEnds = new LogEnds(partition, consumer, streams, times, status);
        TopicIdentity identity = new TopicIdentity(
                partition.topic(), streams.getFirst().name(), consumer, topics, status, config.topicCheck());
        ReadFirst readFirst = new ReadFirst(
                partition,
                pipeline.topicsBefore(partition.topic()),
                topic -> kafka.starts(topic, new Stream.From.Latest()),
                reading,
                status);
        LaneOpening opening = new LaneOpening(
                partition, consumer, ready, readFirst, streams, checkpoints, decoder, lakes, logEnds, identity, status);
        BatchCommit commit = new BatchCommit(views, checkpoints, decoder, status, turns, waits.defectTries());
        BatchPath path = new BatchPath(
                partition, consumer, decoder, commit, lakes, pastRows, status, meters, copies, types, unfit);
        IdleMark idle = new IdleMark(partition, streams, checkpoints, status);
        return new Lane(
                partition,
                waits,
                opening,
                identity,
                new BatchReceiver(partition, consumer, config, new Mailbox(share)),
                path,
                lakes,
                logEnds,
                idle,
                status,
                new FailureReaction(partition, status, viewsAtFault, config.topicCheck()));
    }
}
