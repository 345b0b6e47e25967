package dev.leat.ingest.lane;

import dev.leat.ingest.channel.EventChannel;
import dev.leat.ingest.channel.PolledRun;
import dev.leat.lake.write.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.wire.Records;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The strictly ordered processing of one topic-partition, on a virtual thread of its own. Applies each event from the
 * checkpoint on exactly once; after an outage it goes on by itself ({@code leat.ingest.backoff-*}), after losing the lane
 * to another instance it has changed nothing. An {@link Error} ends the process, with status 1.
 *
 * <p>Fields without a word are touched by the lane's thread only.
 */
final class Lane implements Runnable {

    private static final Logger LOG = Logger.getLogger(Lane.class);

    private final TopicPartition partition;
    private final EventChannel channel;
    private final LaneResources leat;
    private final TopicDecoder decoder;
    private final Mailbox mailbox;
    private final BatchSize size;
    private final LaneStatus status;
    private final LogEnds logEnds;
    private final Map<Stream, LakeLane> lakes = new LinkedHashMap<>();
    // Offset behind the last event that went all its way since the lane was opened, or behind the gap after it.
    private long taken;
    private final CountDownLatch ended = new CountDownLatch(1);

    // Set by the polling thread before it polls, unset by the lane; read by the channel's event loop, to drop what was
    // polled before the last seek.
    private volatile int epoch = -1;
    // Set once by whoever closes, before the status is told.
    private volatile boolean drains;

    /** @param share how much memory this lane's waiting events may take now, in bytes */
    Lane(TopicPartition partition, EventChannel channel, LaneResources leat, LongSupplier share) {
        this.partition = partition;
        this.channel = channel;
        this.leat = leat;
        this.decoder = leat.contracts.decoder(partition.topic());
        this.mailbox = new Mailbox(share);
        this.size = new BatchSize(leat.config.batchRecords(), leat.config.batchWithin());
        this.status = new LaneStatus(partition, leat.config, leat.meters);
        this.logEnds = new LogEnds(partition, leat, status, channel);
    }

    /** Takes records that were polled for this lane. Channel's event loop. */
    void offer(PolledRun run) {
        if (run.epoch() == epoch) {
            mailbox.put(run.records());
        }
    }

    LaneState state() {
        return status.state();
    }

    TopicPartition partition() {
        return partition;
    }

    /** What the events that wait take of the memory, in bytes. Any thread. */
    long buffered() {
        return mailbox.bytes();
    }

    /** How many events it takes at once now, at most. Any thread. */
    int batchRecords() {
        return size.records();
    }

    /** Ends after the batch in hand; the lake's open files are left to the next owner. Any thread. */
    void close() {
        status.close();
        mailbox.close();
    }

    /** Ends after the batch in hand, and completes the lake's open files. Any thread. */
    void drain() {
        drains = true;
        close();
    }

    boolean awaitEnd(Duration atMost) {
        try {
            return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void run() {
        try {
            while (!status.isClosing()) {
                try {
                    flow(open());
                } catch (RuntimeException e) {
                    recover(e);
                }
            }
        } catch (LaneStatus.Closing e) {
            LOG.debugf("lane closed while it waited topic=%s partition=%d", partition.topic(), partition.partition());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error e) {
            // Out of memory, most likely: other threads may be broken too, and a lane that just ends would be missed by
            // nobody.
            LOG.fatalf(
                    e, "lane broken, the process ends topic=%s partition=%d", partition.topic(), partition.partition());
            Quarkus.asyncExit(1);
        } finally {
            closeLakes();
            status.ended();
            ended.countDown();
        }
    }

    /** Finds out where views and lake stand and lets the partition flow from the lower of the two. */
    private BatchPath open() throws InterruptedException {
        leat.viewsReady.await(status.closing());
        long beginning = status.await(channel.range(partition)).beginning();
        long next = openViews(beginning);
        logEnds.open();
        // After the checkpoint: whoever adds a column from now on moves it, and this lane is opened anew.
        leat.learnColumns(partition.topic());
        openLakes(next, beginning);
        // Asked after the checkpoints: until a moment ago another instance may have moved them.
        requireInLog(next, status.await(channel.range(partition)));
        long from = lakes.values().stream().mapToLong(LakeLane::nextOffset).reduce(next, Math::min);
        mailbox.clear();
        taken = from;
        if (!status.await(channel.flowFrom(partition, from, mailbox, begun -> epoch = begun))) {
            // Revoked in between; whoever revokes closes this lane too.
            throw new LaneStatus.Closing();
        }
        leat.acknowledgements.acknowledge(partition, next, channel);
        leat.copies.wake();
        status.flowing();
        LOG.infof("lane open topic=%s partition=%d offset=%d", partition.topic(), partition.partition(), from);
        return new BatchPath(partition, leat, status, decoder, lakes, next);
    }

    /** The checkpoint, where there is one; where `from:` says, for a topic that was never read; else the log's beginning. */
    private long openViews(long beginning) throws InterruptedException {
        if (!leat.views.isOpen(partition.topic(), partition.partition())) {
            leat.views.begin(partition.topic(), status.await(channel.starts(partition.topic(), declaredFrom())));
        }
        return leat.views.open(partition.topic(), partition.partition(), beginning);
    }

    /** A lake that is new gets all that the log still has, or, where the views don't begin with that, what they get. */
    private void openLakes(long next, long beginning) {
        long startIfNew = declaredFrom() instanceof Stream.From.Earliest ? beginning : next;
        for (Stream stream : leat.pipeline.streamsOf(partition.topic())) {
            if (stream.lake().isPresent()) {
                lakes.put(stream, leat.lake.open(stream, partition.partition(), startIfNew));
            }
        }
    }

    /** The same for all streams of the topic. */
    private Stream.From declaredFrom() {
        return leat.pipeline.streamsOf(partition.topic()).getFirst().from();
    }

    private void requireInLog(long next, EventChannel.Range log) {
        List<OutsideLog.Checkpoint> checkpoints = new ArrayList<>();
        checkpoints.add(OutsideLog.Checkpoint.ofViews(next));
        lakes.forEach(
                (stream, lake) -> checkpoints.add(OutsideLog.Checkpoint.ofLake(stream.name(), lake.nextOffset())));
        OutsideLog.find(partition, log, checkpoints).ifPresent(outside -> {
            throw new ContractException(outside.message());
        });
    }

    /** Until the lane is closed, or has to open anew because its log was cut. */
    private void flow(BatchPath way) throws InterruptedException {
        long interval = leat.config.batchInterval().toNanos();
        long began = System.nanoTime() - interval;
        while (!status.isClosing()) {
            mailbox.gather(size.records(), began + interval);
            Records batch = mailbox.take(size.records(), leat.config.batchBytes(), leat.config.idleCheck());
            if (mailbox.hasRoomAgain()) {
                channel.regulate(partition, mailbox);
            }
            if (!batch.isEmpty()) {
                began = System.nanoTime();
                way.go(batch);
                size.took(batch.size(), Duration.ofNanos(System.nanoTime() - began));
                taken = batch.next();
                leat.acknowledgements.acknowledge(partition, way.next(), channel);
            } else if (!status.isClosing() && !passGap(way)) {
                letGo();
                return;
            }
            logEnds.look(way.next());
        }
    }

    /**
     * Follows the log where it has gone on without an event, so that neither lag nor an autoscaler waits for one.
     *
     * @return false when this lane's epoch is over
     */
    private boolean passGap(BatchPath way) throws InterruptedException {
        OptionalLong quiet = status.await(channel.quietUntil(partition, epoch, taken));
        if (quiet.isEmpty()) {
            return false;
        }
        if (quiet.getAsLong() > taken) {
            way.passTo(quiet.getAsLong());
            taken = quiet.getAsLong();
            leat.acknowledgements.acknowledge(partition, way.next(), channel);
        }
        way.caughtUp();
        return true;
    }

    /** Nothing more comes in; what is on the way is dropped, and the next opening begins at the checkpoint. */
    private void letGo() {
        epoch = -1;
        channel.halt(partition);
        closeLakes();
    }

    private void recover(RuntimeException failure) throws InterruptedException {
        status.requireOpen();
        letGo();
        switch (FailureVerdict.of(failure)) {
            case FailureVerdict.Stop stop -> status.stopped(stop.message());
            case FailureVerdict.Superseded superseded -> {
                LOG.infof(
                        "lane begins anew topic=%s partition=%d: %s",
                        partition.topic(), partition.partition(), superseded.message());
                status.pause();
            }
            case FailureVerdict.Outage outage -> status.waitOut(outage, failure);
            case FailureVerdict.Poison poison -> status.stopped("poison where none can be: " + poison.message());
        }
    }

    private void closeLakes() {
        for (LakeLane lake : lakes.values()) {
            if (drains) {
                lake.drain(leat.config.drainWithin());
            }
            lake.close();
        }
        lakes.clear();
    }
}
