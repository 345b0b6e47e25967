package dev.leat.ingest.rebuild;

import dev.leat.lake.manifest.LakeReach;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.view.lane.PastRows;
import dev.leat.view.rebuild.CatchUp;
import dev.leat.view.rebuild.CatchUpOutcome;
import dev.leat.view.rebuild.CatchUpOutcome.Applied;
import dev.leat.view.rebuild.CatchUpOutcome.Fenced;
import dev.leat.view.rebuild.CatchUpOutcome.NeedsRecords;
import dev.leat.view.rebuild.CatchUpOutcome.NotYet;
import dev.leat.view.rebuild.LaneToCatchUp;
import dev.leat.view.rebuild.Rebuild.Source;
import dev.leat.view.rebuild.Rebuilds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/**
 * Lets one view catch up with one lane: from the lake as far as that reaches, then from the topic. The last few events are
 * applied while the lane is locked; from then on the lane applies its batches to the view. For one thread.
 */
final class LaneCatchUp implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOCKED_AT_MOST = Duration.ofMillis(800);

    private final Rebuilds rebuilds;
    private final PastRows pastRows;
    private final History history;
    private final RebuildConfig config;
    private final View view;
    private final List<Stream> streams; // of the lane's topic
    private final LaneToCatchUp lane;
    private final Source source;
    private final IntConsumer applied;
    private final TopicDecoder decoder;
    private final TopicLog log;
    private final LakeReach reach;

    private LakeLog scan; // null while the topic is read
    private boolean needsRecords;

    LaneCatchUp(
            Rebuilds rebuilds,
            PastRows pastRows,
            RebuildStreams streams,
            History history,
            RebuildConfig config,
            View view,
            LaneToCatchUp lane,
            Source source,
            IntConsumer applied) {
        this.rebuilds = rebuilds;
        this.pastRows = pastRows;
        this.history = history;
        this.config = config;
        this.view = view;
        this.lane = lane;
        this.source = source;
        this.applied = applied;
        this.streams = streams.ofTopic(view, lane.topic());
        this.decoder = history.decoder(lane.topic());
        this.reach = source == Source.TOPIC ? LakeReach.NONE : history.reach(this.streams, lane.partition());
        this.log = history.topic(lane.topic(), lane.partition());
    }

    /**
     * @param wanted asked before each batch
     * @param latest gives the view's position on the lane now; empty when it is live there
     * @return why this attempt can't go on; empty when the view is live, or isn't wanted any more
     */
    Optional<Fenced> run(BooleanSupplier wanted, Supplier<Optional<LaneToCatchUp>> latest) {
        Optional<LaneToCatchUp> now = latest.get();
        while (now.isPresent() && wanted.getAsBoolean()) {
            switch (advance(now.get())) {
                case Fenced fenced -> {
                    return Optional.of(fenced);
                }
                case NeedsRecords needs -> throw new IllegalStateException(needs.message());
                case Applied ignored -> now = latest.get();
                case NotYet ignored -> now = latest.get();
            }
        }
        return Optional.empty();
    }

    /** One batch, or the hand-over to the lane where the view is near its checkpoint. */
    private CatchUpOutcome advance(LaneToCatchUp now) {
        if (now.version() != lane.version()) {
            return new Fenced(lane.topic(), lane.partition(), now.next());
        }
        if (!rebuilds.isRightSideKnown(view)) {
            // Its lanes tell within some seconds, unless one of them is stopped.
            LockSupport.parkNanos(POLL.toNanos());
            return new NotYet();
        }
        if (now.checkpoint() - now.next() <= config.handOverRecords()) {
            CatchUpOutcome handedOver = rebuilds.handOver(now, checkpoint -> rest(now, checkpoint));
            if (!(handedOver instanceof NotYet)) {
                return handedOver;
            }
        }
        if (now.next() >= now.checkpoint()) {
            return new NotYet();
        }
        long began = System.nanoTime();
        CatchUpOutcome outcome = step(now);
        if (outcome instanceof Applied) {
            RebuildThrottle.rest(Duration.ofNanos(System.nanoTime() - began), config.share());
        }
        return outcome;
    }

    private CatchUpOutcome step(LaneToCatchUp now) {
        if (isLakesTurn(now)) {
            return stepInLake(now);
        }
        closeScan();
        return apply(fromTopic(now, limit(now), POLL));
    }

    private boolean isLakesTurn(LaneToCatchUp now) {
        return !needsRecords && now.next() >= reach.begin() && now.next() < reach.end();
    }

    private CatchUpOutcome stepInLake(LaneToCatchUp now) {
        // Another instance may have advanced the view while this one stalled.
        if (scan != null && scan.position() != now.next()) {
            closeScan();
        }
        if (scan == null) {
            scan = history.lake(streams, lane.partition(), now.next(), reach.end());
        }
        LakeLog.Run run = scan.next(config.batchRecords());
        CatchUpOutcome outcome = apply(fromLake(now, run.rows(), run.next()));
        if (outcome instanceof NeedsRecords needs) {
            closeScan();
            needsRecords = true;
            return applyBefore(now, run.rows(), needs);
        }
        return outcome;
    }

    /** Applies the events before the one whose record is needed. Of several streams, another may need an earlier one. */
    private CatchUpOutcome applyBefore(LaneToCatchUp now, List<Rows> rows, NeedsRecords first) {
        requireInTopic(first);
        if (first.offset() == now.next()) {
            return new Applied();
        }
        List<Rows> before = rows.stream()
                .map(r -> r.select(IntStream.range(0, r.size())
                        .filter(row -> r.offset(row) < first.offset())
                        .toArray()))
                .toList();
        CatchUpOutcome outcome = apply(fromLake(now, before, first.offset()));
        return outcome instanceof NeedsRecords earlier ? applyBefore(now, before, earlier) : outcome;
    }

    private void requireInTopic(NeedsRecords needs) {
        long beginning = log.beginning();
        if (beginning > needs.offset()) {
            throw new CannotRebuild(needs.message() + ", but the topic begins at " + beginning
                    + "; change the view so that it can hold the event, or leave out older events by"
                    + " ?from=topic");
        }
    }

    private CatchUp fromLake(LaneToCatchUp now, List<Rows> rows, long next) {
        return batch(now, next, rows, Records.NONE);
    }

    /** What the lake has is read there, so the topic is read up to it only. */
    private long limit(LaneToCatchUp now) {
        return !needsRecords && now.next() < reach.begin()
                ? Math.min(reach.begin(), now.checkpoint())
                : now.checkpoint();
    }

    private CatchUp fromTopic(LaneToCatchUp now, long below, Duration within) {
        TopicLog.Run run;
        try {
            run = log.read(now.next(), below, config.batchRecords(), within);
        } catch (OffsetOutOfRangeException e) {
            long beginning = log.beginning();
            if (!source.acceptsLess() || beginning > below) {
                throw new CannotRebuild("retention has removed " + lane.topic() + "-" + lane.partition() + " offsets "
                        + now.next() + " to " + (beginning - 1)
                        + " before they were applied; start with what is left by ?from=lake or ?from=topic");
            }
            run = new TopicLog.Run(Records.NONE, beginning);
        }
        return batch(now, run.next(), run.records());
    }

    private CatchUp batch(LaneToCatchUp now, long next, Records records) {
        List<Rows> mine = decoder.decode(lane.partition(), records).rows().stream()
                .filter(rows -> streams.contains(rows.stream()))
                .toList();
        return batch(now, next, pastRows.forView(lane.topic(), lane.partition(), mine), records);
    }

    private CatchUp batch(LaneToCatchUp now, long next, List<Rows> rows, Records records) {
        return new CatchUp(view, lane.topic(), lane.partition(), now.next(), now.version(), next, rows, records::at);
    }

    private CatchUpOutcome apply(CatchUp batch) {
        if (batch.next() <= batch.expected()) {
            return new Applied();
        }
        CatchUpOutcome outcome = rebuilds.apply(batch);
        if (outcome instanceof Applied) {
            applied.accept(size(batch));
        }
        return outcome;
    }

    private static int size(CatchUp batch) {
        return batch.rows().stream().mapToInt(Rows::size).sum();
    }

    /** All events below the lane's checkpoint, if they can be read in time. */
    private Optional<CatchUp> rest(LaneToCatchUp now, long checkpoint) {
        if (checkpoint - now.next() > config.handOverRecords() * 3L) {
            return Optional.empty();
        }
        if (checkpoint <= now.next()) {
            return Optional.of(batch(now, checkpoint, List.of(), Records.NONE));
        }
        long until = System.nanoTime() + LOCKED_AT_MOST.toNanos();
        List<Records> runs = new ArrayList<>();
        long next = now.next();
        while (next < checkpoint) {
            if (System.nanoTime() > until) {
                return Optional.empty();
            }
            TopicLog.Run run = log.read(next, checkpoint, Integer.MAX_VALUE, Duration.ofMillis(100));
            runs.add(run.records());
            next = run.next();
        }
        CatchUp batch = batch(now, checkpoint, Records.together(runs));
        applied.accept(size(batch));
        return Optional.of(batch);
    }

    private void closeScan() {
        if (scan != null) {
            scan.close();
            scan = null;
        }
    }

    @Override
    public void close() {
        closeScan();
        log.close();
    }
}
