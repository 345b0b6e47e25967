package dev.leat.ingest;

import dev.leat.lake.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.schema.ContractException;
import dev.leat.schema.TopicDecoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The strictly ordered processing of one topic-partition, on a virtual thread of its own. Applies each event from the
 * checkpoint on exactly once; after an outage it goes on by itself ({@code leat.ingest.backoff-*}), after losing the lane
 * to another instance it has changed nothing.
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
    private final LaneStatus status;
    private final Map<Stream, LakeLane> lakes = new LinkedHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    // Set by the lane, read by the channel's event loop to drop what was polled before the last seek.
    private volatile int epoch = -1;
    // Set once by whoever closes, before the status is told.
    private volatile boolean drains;

    Lane(TopicPartition partition, EventChannel channel, LaneResources leat) {
        this.partition = partition;
        this.channel = channel;
        this.leat = leat;
        this.decoder = leat.contracts.decoder(partition.topic());
        this.mailbox = new Mailbox(2 * leat.config.batchRecords(), 2 * leat.config.batchBytes());
        this.status = new LaneStatus(partition, leat.config, leat.meters);
    }

    /** Takes records that were polled for this lane. Channel's event loop. */
    void offer(List<ConsumerRecord<byte[], byte[]>> run) {
        if (Epochs.of(run) == epoch && mailbox.put(run)) {
            channel.regulate(partition, mailbox);
        }
    }

    LaneState state() {
        return status.state();
    }

    TopicPartition partition() {
        return partition;
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
        } finally {
            closeLakes();
            status.ended();
            ended.countDown();
        }
    }

    /** Finds out where views and lake stand and lets the partition flow from the lower of the two. */
    private BatchWay open() throws InterruptedException {
        leat.startup.awaitSettled(status.closing());
        EventChannel.Range log = status.await(channel.range(partition));
        long next = leat.views.open(partition.topic(), partition.partition(), log.beginning());
        requireInLog(next, log, "views");
        long from = next;
        for (Stream stream : leat.pipeline.streamsOf(partition.topic())) {
            if (stream.lake().isPresent()) {
                LakeLane lake = leat.lake.open(stream, partition.partition(), log.beginning());
                lakes.put(stream, lake);
                requireInLog(lake.nextOffset(), log, "lake of stream " + stream.name());
                from = Math.min(from, lake.nextOffset());
            }
        }
        mailbox.clear();
        Integer begun = status.await(channel.flowFrom(partition, from));
        if (begun == null) {
            // Revoked in between; whoever revokes closes this lane too.
            throw new LaneStatus.Closing();
        }
        epoch = begun;
        leat.acknowledgements.acknowledge(partition, next, channel);
        status.flowing();
        LOG.infof("lane open topic=%s partition=%d offset=%d", partition.topic(), partition.partition(), from);
        return new BatchWay(partition, leat, status, decoder, lakes, next);
    }

    private void requireInLog(long checkpoint, EventChannel.Range log, String of) {
        if (checkpoint >= log.beginning() && checkpoint <= log.end()) {
            return;
        }
        String why = checkpoint < log.beginning()
                ? "begins at " + log.beginning() + ": retention has removed events that were never applied"
                : "ends at " + log.end() + ": the topic was made anew";
        throw new ContractException("the checkpoint of the " + of + " is " + checkpoint + ", but the log of "
                + partition
                + " " + why + "; set next_offset in leat.checkpoint (leat.lake_checkpoint for the lake) to where it"
                + " shall go on, and restart");
    }

    private void flow(BatchWay way) throws InterruptedException {
        while (!status.isClosing()) {
            List<ConsumerRecord<byte[], byte[]>> batch =
                    mailbox.take(leat.config.batchRecords(), leat.config.batchBytes());
            if (mailbox.hasRoomAgain()) {
                channel.regulate(partition, mailbox);
            }
            if (!batch.isEmpty()) {
                way.go(batch);
                leat.acknowledgements.acknowledge(partition, way.next(), channel);
            }
        }
    }

    private void recover(RuntimeException failure) throws InterruptedException {
        status.requireOpen();
        epoch = -1;
        channel.halt(partition);
        closeLakes();
        switch (Verdict.of(failure)) {
            case Verdict.Stop stop -> status.stopped(stop.message());
            case Verdict.Superseded superseded -> {
                LOG.infof(
                        "lane begins anew topic=%s partition=%d: %s",
                        partition.topic(), partition.partition(), superseded.message());
                status.pause();
            }
            case Verdict.Outage outage -> status.waitOut(outage, failure);
            case Verdict.Poison poison -> status.stopped("poison where none can be: " + poison.message());
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
