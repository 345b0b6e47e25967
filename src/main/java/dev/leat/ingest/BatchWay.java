package dev.leat.ingest;

import dev.leat.lake.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.schema.Decoded;
import dev.leat.schema.Rejected;
import dev.leat.schema.Rows;
import dev.leat.schema.Shape;
import dev.leat.schema.TopicDecoder;
import dev.leat.view.LaneBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The way of one batch, from a lane's records to rows, dead letters and files. Made anew each time that the lane opens,
 * at the checkpoint that Postgres says. The lane's thread only.
 */
final class BatchWay {

    private static final Logger LOG = Logger.getLogger(Lane.class);

    private final TopicPartition partition;
    private final LaneResources leat;
    private final LaneStatus status;
    private final TopicDecoder decoder;
    private final Map<Stream, LakeLane> lakes;
    private long next;

    /** @param next the lane's checkpoint: events below it have been applied */
    BatchWay(
            TopicPartition partition,
            LaneResources leat,
            LaneStatus status,
            TopicDecoder decoder,
            Map<Stream, LakeLane> lakes,
            long next) {
        this.partition = partition;
        this.leat = leat;
        this.status = status;
        this.decoder = decoder;
        this.lakes = lakes;
        this.next = next;
    }

    /** Where the checkpoint stands now. */
    long next() {
        return next;
    }

    /**
     * Fence, decode and validate, apply with the checkpoint and commit, feed the lake.
     *
     * @throws RuntimeException what {@link Verdict} doesn't call an outage or poison; nothing of the batch in hand is
     *     left, what was committed before it stays
     */
    void go(List<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException {
        int fresh = firstAtOrAbove(batch, next);
        if (fresh > 0) {
            // Applied before the last restart; the lake, whose checkpoint lies behind, may still want it.
            feedLakes(decode(batch.subList(0, fresh)), batch.get(fresh - 1).offset() + 1);
        }
        if (fresh < batch.size()) {
            apply(batch.subList(fresh, batch.size()));
        }
    }

    /** Moves on to an offset that no event lies in front of: markers of transactions, or what compaction has removed. */
    void passTo(long offset) throws InterruptedException {
        if (offset > next) {
            isApplied(batch(List.of(), List.of(), offset), List.of());
        }
        lakes.forEach(
                (stream, lake) -> lake.accept(new Rows(stream, new Shape(List.of()), partition.partition()), offset));
    }

    /** Offsets have gaps: the one at the checkpoint may not exist. */
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
        if (isApplied(batch(decoded.rows(), dead(records, decoded.rejected()), end), records)) {
            leat.meters.applied(decoded, Duration.ofNanos(System.nanoTime() - started));
            decoded.rejected().forEach(this::report);
            feedLakes(decoded, end);
        }
    }

    /** Applies the batch; false when a view refused some of it, and it was applied in parts instead. */
    private boolean isApplied(LaneBatch batch, List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        while (true) {
            try {
                leat.views.apply(batch);
                next = batch.next();
                status.progressed();
                return true;
            } catch (RuntimeException e) {
                switch (Verdict.of(e)) {
                    case Verdict.Poison poison -> {
                        isolate(poison, records);
                        return false;
                    }
                    case Verdict.Outage outage -> {
                        status.waitOut(outage, e);
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
        return status.insist(() -> leat.views.checkpoint(partition.topic(), partition.partition())) == batch.next();
    }

    /** Halves the batch until the record that can't be applied stands alone, and buries that one. */
    private void isolate(Verdict.Poison poison, List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        if (records.size() > 1) {
            int half = records.size() / 2;
            apply(records.subList(0, half));
            apply(records.subList(half, records.size()));
        } else {
            bury(poison, records);
        }
    }

    private void bury(Verdict.Poison poison, List<ConsumerRecord<byte[], byte[]>> alone) throws InterruptedException {
        ConsumerRecord<byte[], byte[]> record = alone.getFirst();
        Decoded decoded = decode(alone);
        String stream = decoded.rows().stream()
                .filter(rows -> !rows.isEmpty())
                .map(rows -> rows.stream().name())
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
        if (isApplied(burial, alone)) {
            report(verdict);
            feedLakes(decoded, burial.next());
        }
    }

    private LaneBatch batch(List<Rows> rows, List<LaneBatch.Dead> dead, long end) {
        return new LaneBatch(partition.topic(), partition.partition(), next, end, rows, dead);
    }

    private Decoded decode(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        return status.insist(() -> decoder.decode(partition.partition(), records));
    }

    private static List<LaneBatch.Dead> dead(List<ConsumerRecord<byte[], byte[]>> records, List<Rejected> rejected) {
        if (rejected.isEmpty()) {
            return List.of();
        }
        Map<Long, ConsumerRecord<byte[], byte[]>> byOffset =
                records.stream().collect(Collectors.toMap(ConsumerRecord::offset, r -> r));
        List<LaneBatch.Dead> dead = new ArrayList<>();
        rejected.forEach(verdict -> dead.add(new LaneBatch.Dead(byOffset.get(verdict.offset()), verdict, null)));
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
}
