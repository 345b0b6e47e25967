package dev.leat.ingest;

import dev.leat.lake.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.schema.Decoded;
import dev.leat.schema.Rejected;
import dev.leat.schema.Rows;
import dev.leat.schema.TopicDecoder;
import dev.leat.view.LaneBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    private final Backoff backoff;
    private final Map<Stream, LakeLane> lakes = new LinkedHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<Void> closing = new CompletableFuture<>();

    // Set by the lane, read by the channel's event loop to drop what was polled before the last seek.
    private volatile int epoch = -1;
    // Set by the lane, read by health.
    private volatile LaneState state = new LaneState.Opening();
    // Set once by whoever closes, before `closing` completes.
    private volatile boolean drains;

    private long next;

    Lane(TopicPartition partition, EventChannel channel, LaneResources leat) {
        this.partition = partition;
        this.channel = channel;
        this.leat = leat;
        this.decoder = leat.contracts.decoder(partition.topic());
        this.mailbox = new Mailbox(2 * leat.config.batchRecords(), 2 * leat.config.batchBytes());
        this.backoff = new Backoff(leat.config.backoffMin(), leat.config.backoffMax(), ThreadLocalRandom.current());
    }

    /** Takes records that were polled for this lane. Channel's event loop. */
    void offer(List<ConsumerRecord<byte[], byte[]>> run) {
        if (Epochs.of(run) == epoch && mailbox.put(run)) {
            channel.regulate(partition, mailbox);
        }
    }

    LaneState state() {
        return state;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Ends after the batch in hand; the lake's open files are left to the next owner. Any thread. */
    void close() {
        closing.complete(null);
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
            while (!isClosing()) {
                try {
                    open();
                    flow();
                } catch (RuntimeException e) {
                    recover(e);
                }
            }
        } catch (LaneClosing e) {
            LOG.debugf("lane closed while it waited topic=%s partition=%d", partition.topic(), partition.partition());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeLakes();
            if (!(state instanceof LaneState.Stopped)) {
                state = new LaneState.Closed();
            }
            ended.countDown();
        }
    }

    private boolean isClosing() {
        return closing.isDone();
    }

    /** Finds out where views and lake stand and lets the partition flow from the lower of the two. */
    private void open() throws InterruptedException {
        leat.startup.awaitSettled(closing);
        EventChannel.Range log = await(channel.range(partition));
        next = leat.views.open(partition.topic(), partition.partition(), log.beginning());
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
        Integer begun = await(channel.flowFrom(partition, from));
        if (begun == null) {
            close();
            return;
        }
        epoch = begun;
        leat.acknowledgements.acknowledge(partition, next, channel);
        flowing();
        LOG.infof("lane open topic=%s partition=%d offset=%d", partition.topic(), partition.partition(), from);
    }

    private void requireInLog(long checkpoint, EventChannel.Range log, String of) {
        if (checkpoint < log.beginning() || checkpoint > log.end()) {
            throw new LaneStopped("the checkpoint of the " + of + " is " + checkpoint + ", but the log of " + partition
                    + (checkpoint < log.beginning()
                            ? " begins at " + log.beginning() + ": retention has removed events that were never applied"
                            : " ends at " + log.end() + ": the topic was made anew")
                    + "; set next_offset in leat.checkpoint (leat.lake_checkpoint) to where it shall go on,"
                    + " and restart");
        }
    }

    private void flow() throws InterruptedException {
        while (!isClosing()) {
            List<ConsumerRecord<byte[], byte[]>> batch =
                    mailbox.take(leat.config.batchRecords(), leat.config.batchBytes());
            if (mailbox.hasRoomAgain()) {
                channel.regulate(partition, mailbox);
            }
            if (!batch.isEmpty()) {
                process(batch);
            }
        }
    }

    /** The way of one batch: fence, decode and validate, apply with checkpoint and commit, feed the lake, acknowledge. */
    private void process(List<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException {
        int applied = firstAtOrAbove(batch, next);
        if (applied > 0) {
            feedLakes(decode(batch.subList(0, applied)), batch.get(applied - 1).offset() + 1);
        }
        if (applied < batch.size()) {
            apply(batch.subList(applied, batch.size()));
            leat.acknowledgements.acknowledge(partition, next, channel);
        }
    }

    /** What is below the checkpoint has been applied; the lake may still want it. */
    private static int firstAtOrAbove(List<ConsumerRecord<byte[], byte[]>> batch, long offset) {
        int i = 0;
        while (i < batch.size() && batch.get(i).offset() < offset) {
            i++;
        }
        return i;
    }

    private void apply(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        long started = System.nanoTime();
        Decoded decoded = decode(records);
        long end = records.getLast().offset() + 1;
        if (applied(batch(decoded.rows(), dead(records, decoded.rejected()), end), records)) {
            leat.meters.applied(decoded, Duration.ofNanos(System.nanoTime() - started));
            decoded.rejected().forEach(this::report);
            feedLakes(decoded, end);
        }
    }

    /** Whether the batch was applied as a whole; else it was applied in parts. */
    private boolean applied(LaneBatch batch, List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        while (true) {
            try {
                leat.views.apply(batch);
                next = batch.next();
                flowing();
                return true;
            } catch (RuntimeException e) {
                switch (Verdict.of(e)) {
                    case Verdict.Poison poison -> {
                        isolate(poison, records);
                        return false;
                    }
                    case Verdict.Outage outage -> {
                        waitOut(outage, e);
                        if (wasCommittedAfterAll(batch)) {
                            next = batch.next();
                            return true;
                        }
                    }
                    case Verdict.Superseded ignored -> throw e;
                    case Verdict.Stop ignored -> throw e;
                }
            }
        }
    }

    /** The connection may have been lost between Postgres's commit and its answer. */
    private boolean wasCommittedAfterAll(LaneBatch batch) throws InterruptedException {
        return insist(() -> leat.views.checkpoint(partition.topic(), partition.partition())) == batch.next();
    }

    /** Halves the batch until the record that can't be applied stands alone, and buries that one. */
    private void isolate(Verdict.Poison poison, List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        if (records.size() > 1) {
            int half = records.size() / 2;
            apply(records.subList(0, half));
            apply(records.subList(half, records.size()));
            return;
        }
        ConsumerRecord<byte[], byte[]> record = records.getFirst();
        Decoded decoded = decode(records);
        String stream = decoded.rows().stream()
                .filter(r -> !r.isEmpty())
                .map(r -> r.stream().name())
                .findFirst()
                .orElse(null);
        Rejected verdict = new Rejected(
                stream,
                record.partition(),
                record.offset(),
                record.timestamp(),
                null,
                Rejected.Reason.REFUSED_BY_VIEW,
                poison.message());
        LaneBatch burial =
                batch(List.of(), List.of(new LaneBatch.Dead(record, verdict, poison.view())), record.offset() + 1);
        if (applied(burial, records)) {
            report(verdict);
            feedLakes(decoded, burial.next());
        }
    }

    private LaneBatch batch(List<Rows> rows, List<LaneBatch.Dead> dead, long end) {
        return new LaneBatch(partition.topic(), partition.partition(), next, end, rows, dead);
    }

    private Decoded decode(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        return insist(() -> decoder.decode(partition.partition(), records));
    }

    private static List<LaneBatch.Dead> dead(List<ConsumerRecord<byte[], byte[]>> records, List<Rejected> rejected) {
        if (rejected.isEmpty()) {
            return List.of();
        }
        Map<Long, ConsumerRecord<byte[], byte[]>> byOffset =
                records.stream().collect(Collectors.toMap(ConsumerRecord::offset, r -> r));
        List<LaneBatch.Dead> dead = new ArrayList<>();
        for (Rejected verdict : rejected) {
            dead.add(new LaneBatch.Dead(byOffset.get(verdict.offset()), verdict, null));
        }
        return dead;
    }

    /** After the commit: an attempt that is rolled back buries nothing. */
    private void report(Rejected verdict) {
        leat.meters.deadLetter(verdict.stream(), verdict.reason().name());
        LOG.warnf(
                "dead letter topic=%s partition=%d offset=%d stream=%s reason=%s error=%s",
                partition.topic(),
                partition.partition(),
                verdict.offset(),
                verdict.stream(),
                verdict.reason(),
                verdict.message());
    }

    private void feedLakes(Decoded decoded, long end) {
        for (Rows rows : decoded.rows()) {
            LakeLane lake = lakes.get(rows.stream());
            if (lake != null) {
                lake.accept(rows, end);
            }
        }
    }

    /** Asks until there is an answer; what isn't an outage passes. */
    private <T> T insist(java.util.function.Supplier<T> question) throws InterruptedException {
        while (true) {
            try {
                T answer = question.get();
                flowing();
                return answer;
            } catch (RuntimeException e) {
                if (!(Verdict.of(e) instanceof Verdict.Outage outage)) {
                    throw e;
                }
                waitOut(outage, e);
            }
        }
    }

    private void recover(RuntimeException failure) throws InterruptedException {
        if (isClosing()) {
            throw new LaneClosing();
        }
        epoch = -1;
        closeLakes();
        switch (failure instanceof LaneStopped ? new Verdict.Stop(failure.getMessage()) : Verdict.of(failure)) {
            case Verdict.Stop stop -> stop(stop.message());
            case Verdict.Superseded superseded -> {
                LOG.infof("lane begins anew %s: %s", partition, superseded.message());
                channel.halt(partition);
                sleep(backoff.next());
            }
            case Verdict.Outage outage -> {
                channel.halt(partition);
                waitOut(outage, failure);
            }
            case Verdict.Poison poison -> stop("poison where none can be: " + poison.message());
        }
    }

    private void stop(String reason) {
        channel.halt(partition);
        state = new LaneState.Stopped(reason);
        LOG.errorf(
                "lane stopped topic=%s partition=%d offset=%d error=%s",
                partition.topic(), partition.partition(), next, reason);
        close();
    }

    private void waitOut(Verdict.Outage outage, RuntimeException failure) throws InterruptedException {
        if (isClosing()) {
            throw new LaneClosing();
        }
        if (!(state instanceof LaneState.Waiting)) {
            LOG.warnf(
                    "outage, lane waits topic=%s partition=%d offset=%d error=%s",
                    partition.topic(), partition.partition(), next, outage.message());
            LOG.debug("outage", failure);
            leat.meters.outage(partition);
            state = new LaneState.Waiting(outage.message(), Instant.now());
        }
        sleep(backoff.next());
    }

    private void flowing() {
        if (state instanceof LaneState.Waiting waiting) {
            LOG.infof(
                    "outage over, lane goes on topic=%s partition=%d offset=%d after=%s",
                    partition.topic(), partition.partition(), next, Duration.between(waiting.since(), Instant.now()));
        }
        if (!(state instanceof LaneState.Flowing)) {
            state = new LaneState.Flowing();
        }
        backoff.reset();
    }

    /** A pause that ends early when the lane is closed. */
    private void sleep(Duration pause) throws InterruptedException {
        try {
            closing.get(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            // The pause is over.
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the polling thread, which itself may be waiting for this lane to close. */
    private <T> T await(CompletableFuture<T> answer) throws InterruptedException {
        try {
            CompletableFuture.anyOf(answer, closing).get();
            if (!answer.isDone()) {
                throw new LaneClosing();
            }
            return answer.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private void closeLakes() {
        for (LakeLane lake : new HashMap<>(lakes).values()) {
            if (drains) {
                lake.drain(leat.config.drainWithin());
            }
            lake.close();
        }
        lakes.clear();
    }

    /** The checkpoint and the log don't meet. */
    private static final class LaneStopped extends RuntimeException {
        LaneStopped(String message) {
            super(message);
        }
    }

    /** Closed while waiting; nothing is wrong. */
    private static final class LaneClosing extends RuntimeException {
        LaneClosing() {
            super("the lane is closing", null, false, false);
        }
    }
}
