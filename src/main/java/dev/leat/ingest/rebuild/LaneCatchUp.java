package dev.leat.ingest.rebuild;

import dev.leat.lake.manifest.LakeReach;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.view.lane.FencedException;
import dev.leat.view.rebuild.CatchUp;
import dev.leat.view.rebuild.LaneToCatchUp;
import dev.leat.view.rebuild.Rebuild.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/**
 * Brings one view up to one lane: from the lake as far as that reaches, then from the topic, then, while the lane stands
 * still, the last few events, from which on the lane has the view. One thread's.
 */
final class LaneCatchUp implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STAND_STILL = Duration.ofMillis(800);

    private final RebuildResources leat;
    private final View view;
    private final List<Stream> streams; // of the lane's topic
    private final LaneToCatchUp lane;
    private final Source source;
    private final IntConsumer applied;
    private final TopicDecoder decoder;
    private final TopicLog log;
    private final LakeReach reach;

    private LakeLog scan; // null while it isn't the lake's turn
    private boolean needsRecords;

    /**
     * @param view the generation
     * @param applied told of how many events were applied
     */
    LaneCatchUp(RebuildResources leat, View view, LaneToCatchUp lane, Source source, IntConsumer applied) {
        this.leat = leat;
        this.view = view;
        this.lane = lane;
        this.source = source;
        this.applied = applied;
        this.streams = leat.streams(view).get(lane.topic());
        streams.forEach(leat::learnColumns);
        this.decoder = leat.contracts.decoder(lane.topic());
        this.reach = source == Source.TOPIC ? LakeReach.NONE : LakeLog.reach(leat.lake, streams, lane.partition());
        this.log = leat.log(lane.topic(), lane.partition());
    }

    /**
     * @param wanted asked before each batch
     * @param latest gives where the view stands on the lane now; empty when it is live there
     * @throws FencedException somebody else has changed something; begin anew from what Postgres says
     */
    void run(BooleanSupplier wanted, java.util.function.Supplier<Optional<LaneToCatchUp>> latest) {
        Optional<LaneToCatchUp> now = latest.get();
        while (now.isPresent() && wanted.getAsBoolean()) {
            if (now.get().version() != lane.version()) {
                throw new FencedException(
                        lane.topic(), lane.partition(), now.get().next());
            }
            if (now.get().checkpoint() - now.get().next() <= leat.config.handOverRecords() && handOver(now.get())) {
                return;
            }
            if (now.get().next() < now.get().checkpoint()) {
                long began = System.nanoTime();
                step(now.get());
                RebuildThrottle.rest(Duration.ofNanos(System.nanoTime() - began), leat.config.share());
            }
            now = latest.get();
        }
    }

    private void step(LaneToCatchUp now) {
        if (isLakesTurn(now)) {
            stepInLake(now);
        } else {
            closeScan();
            apply(fromTopic(now, limit(now), POLL));
        }
    }

    private boolean isLakesTurn(LaneToCatchUp now) {
        return !needsRecords && now.next() >= reach.begin() && now.next() < reach.end();
    }

    private void stepInLake(LaneToCatchUp now) {
        // Another instance may have gone on from where this one stalled.
        if (scan != null && scan.place() != now.next()) {
            closeScan();
        }
        if (scan == null) {
            scan = new LakeLog(leat.lake, leat.contracts, streams, lane.partition(), now.next(), reach.end());
        }
        LakeLog.Run run = scan.next(leat.config.batchRecords());
        try {
            apply(fromLake(now, run.rows(), run.next()));
        } catch (CatchUp.NeedsRecords e) {
            closeScan();
            needsRecords = true;
            applyBefore(now, run.rows(), e);
        }
    }

    /** What comes before the one whose record is needed; of several streams another one's may be needed still earlier. */
    private void applyBefore(LaneToCatchUp now, List<Rows> rows, CatchUp.NeedsRecords first) {
        requireInTopic(first);
        if (first.offset() == now.next()) {
            return;
        }
        List<Rows> before = rows.stream()
                .map(r -> r.select(IntStream.range(0, r.size())
                        .filter(row -> r.offset(row) < first.offset())
                        .toArray()))
                .toList();
        try {
            apply(fromLake(now, before, first.offset()));
        } catch (CatchUp.NeedsRecords earlier) {
            applyBefore(now, before, earlier);
        }
    }

    private void requireInTopic(CatchUp.NeedsRecords e) {
        long beginning = log.beginning();
        if (beginning > e.offset()) {
            throw new CannotRebuild(e.getMessage() + ", and the topic begins at " + beginning
                    + "; change the view so that it can hold the event, or leave out what is older by"
                    + " ?from=topic");
        }
    }

    private CatchUp fromLake(LaneToCatchUp now, List<Rows> rows, long next) {
        return batch(now, next, rows, Records.NONE);
    }

    /** The lake's part, where it comes later, isn't read from the topic. */
    private long limit(LaneToCatchUp now) {
        return !needsRecords && now.next() < reach.begin()
                ? Math.min(reach.begin(), now.checkpoint())
                : now.checkpoint();
    }

    private CatchUp fromTopic(LaneToCatchUp now, long below, Duration within) {
        TopicLog.Run run;
        try {
            run = log.read(now.next(), below, leat.config.batchRecords(), within);
        } catch (OffsetOutOfRangeException e) {
            long beginning = log.beginning();
            if (!source.acceptsLess() || beginning > below) {
                throw new CannotRebuild("retention has removed " + lane.topic() + "-" + lane.partition() + " offsets "
                        + now.next() + " to " + (beginning - 1)
                        + " before they were applied; begin with what there is by ?from=lake or ?from=topic");
            }
            run = new TopicLog.Run(Records.NONE, beginning);
        }
        List<Rows> mine = decoder.decode(lane.partition(), run.records()).rows().stream()
                .filter(rows -> streams.contains(rows.stream()))
                .toList();
        return batch(now, run.next(), leat.rebuilds.replayed(lane.topic(), lane.partition(), mine), run.records());
    }

    private CatchUp batch(LaneToCatchUp now, long next, List<Rows> rows, Records records) {
        return new CatchUp(view, lane.topic(), lane.partition(), now.next(), now.version(), next, rows, records::at);
    }

    private void apply(CatchUp batch) {
        if (batch.next() > batch.expected()) {
            leat.rebuilds.apply(batch);
            applied.accept(size(batch));
        }
    }

    private static int size(CatchUp batch) {
        return batch.rows().stream().mapToInt(Rows::size).sum();
    }

    private boolean handOver(LaneToCatchUp now) {
        return leat.rebuilds.handOver(now, checkpoint -> rest(now, checkpoint));
    }

    /** All that lies in front of the lane's checkpoint, if it is here soon. */
    private Optional<CatchUp> rest(LaneToCatchUp now, long checkpoint) {
        if (checkpoint - now.next() > leat.config.handOverRecords() * 3L) {
            return Optional.empty();
        }
        if (checkpoint <= now.next()) {
            return Optional.of(batch(now, checkpoint, List.of(), Records.NONE));
        }
        long until = System.nanoTime() + STAND_STILL.toNanos();
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
        Records records = Records.together(runs);
        List<Rows> mine = decoder.decode(lane.partition(), records).rows().stream()
                .filter(rows -> streams.contains(rows.stream()))
                .toList();
        CatchUp batch = batch(now, checkpoint, leat.rebuilds.replayed(lane.topic(), lane.partition(), mine), records);
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
