package dev.leat.ingest.lane;

import dev.leat.lake.write.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.SqlState;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.NewDeadLetter;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.lane.Applied;
import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.ParkedKeysChanged;
import dev.leat.view.lane.PoisonInFront;
import io.smallrye.mutiny.TimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The way of one batch, from a lane's records to rows, dead letters and files. Made anew each time that the lane opens,
 * at the checkpoint that Postgres says. The lane's thread only.
 */
final class BatchPath {

    private static final Logger LOG = Logger.getLogger(Lane.class);

    private static final Duration CAUGHT_UP_EVERY = Duration.ofHours(1);

    private final TopicPartition partition;
    private final LaneResources leat;
    private final LaneStatus status;
    private final TopicDecoder decoder;
    private final Map<Stream, LakeLane> lakes;
    private long next;
    private ParkedKeys parked; // null until they are asked for
    private long saidCaughtUp = System.nanoTime() - CAUGHT_UP_EVERY.toNanos() - 1;

    /** @param next the lane's checkpoint: events below it have been applied */
    BatchPath(
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
     * Fence, decode and validate, drop repeats, apply with the checkpoint and commit, feed the lake.
     *
     * @throws RuntimeException what {@link FailureVerdict} doesn't call an outage; nothing of the batch in hand is left, what was
     *     committed before it stays
     */
    void go(Records batch) throws InterruptedException {
        int fresh = batch.firstAtOrAbove(next);
        if (fresh > 0) {
            // Applied before the last restart; the lake, whose checkpoint lies behind, may still want it.
            feedLakes(counted(decode(batch.slice(0, fresh))), batch.offset(fresh - 1) + 1);
        }
        if (fresh < batch.size()) {
            apply(batch.slice(fresh, batch.size()));
        }
    }

    /** Moves on to an offset that no event lies in front of: markers of transactions, or what compaction has removed. */
    void passTo(long offset) throws InterruptedException {
        if (offset > next) {
            applied(new LaneBatch(
                    partition.topic(),
                    partition.partition(),
                    next,
                    offset,
                    Records.NONE,
                    new Decoded(List.of(), List.of()),
                    parkedKeys()));
            next = offset;
        }
        lakes.forEach(
                (stream, lake) -> lake.accept(new Rows(stream, new Shape(List.of()), partition.partition()), offset));
    }

    /** Says, at most once an hour, that the lane has nothing to do, where anybody keeps something for its sake. */
    void caughtUp() throws InterruptedException {
        boolean isAsked = leat.pipeline.streamsOf(partition.topic()).stream()
                .anyMatch(stream -> stream.deduplicate().isPresent());
        if (isAsked && System.nanoTime() - saidCaughtUp > CAUGHT_UP_EVERY.toNanos()) {
            status.insist(() -> {
                leat.views.caughtUp(partition.topic(), partition.partition());
                return null;
            });
            saidCaughtUp = System.nanoTime();
        }
        status.flowing();
    }

    private void apply(Records records) throws InterruptedException {
        long started = System.nanoTime();
        LaneBatch batch = batch(records);
        try {
            Optional<Applied> applied = applied(batch);
            next = batch.next();
            if (applied.isPresent()) {
                leat.meters.applied(applied.get(), Duration.ofNanos(System.nanoTime() - started));
                report(applied.get());
                feedLakes(applied.get().rows(), next);
            } else {
                feedLakes(counted(batch.decoded()), next);
            }
        } catch (TookTooLong e) {
            int half = records.size() / 2;
            apply(records.slice(0, half));
            apply(records.slice(half, records.size()));
        } catch (PoisonInFront poison) {
            applyThoseBefore(poison, records);
            throw poison;
        }
    }

    /** The batch wasn't applied within {@code leat.view.timeout}; it never would be, however often it is tried. */
    private static final class TookTooLong extends RuntimeException {
        TookTooLong() {
            super("the batch took too long", null, false, false);
        }
    }

    private static boolean isTimeout(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || SqlState.QUERY_CANCELED.isOf(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Applies the batch; empty when it was applied, but Postgres's answer was lost. */
    private Optional<Applied> applied(LaneBatch batch) throws InterruptedException {
        LaneBatch current = batch;
        while (true) {
            try {
                Applied applied = leat.views.apply(current);
                parked = applied.parked();
                status.progressed();
                return Optional.of(applied);
            } catch (ParkedKeysChanged changed) {
                parked = null;
                current = again(current);
            } catch (RuntimeException e) {
                if (!(FailureVerdict.of(e) instanceof FailureVerdict.Outage outage)) {
                    throw e;
                }
                status.waitOut(outage, e);
                if (wasCommittedAfterAll(current)) {
                    parked = null;
                    return Optional.empty();
                }
                if (isTimeout(e) && current.records().size() > 1) {
                    throw new TookTooLong();
                }
            }
        }
    }

    /** The connection may have been lost between Postgres's commit and its answer. */
    private boolean wasCommittedAfterAll(LaneBatch batch) throws InterruptedException {
        return status.insist(() -> leat.views.checkpoint(partition.topic(), partition.partition())) == batch.next();
    }

    private void applyThoseBefore(PoisonInFront poison, Records records) throws InterruptedException {
        int before = records.firstAtOrAbove(poison.offset());
        if (before > 0) {
            apply(records.slice(0, before));
        }
    }

    /** For parked keys, and columns, that have changed meanwhile. */
    private LaneBatch again(LaneBatch batch) throws InterruptedException {
        ParkedKeys now = parkedKeys();
        return batch.records().isEmpty() ? batch.with(batch.decoded(), now) : batch.with(decode(batch.records()), now);
    }

    private ParkedKeys parkedKeys() throws InterruptedException {
        if (parked == null) {
            ParkedKeys asked = status.insist(() -> leat.views.parkedKeys(partition.topic(), partition.partition()));
            // Then the columns: a redrive elsewhere, which makes the lane ask, may have added some and filled them, and
            // an event that lacks one must not leave the older value there.
            status.insist(() -> {
                leat.learnColumns(partition.topic());
                return null;
            });
            parked = asked;
        }
        return parked;
    }

    private LaneBatch batch(Records records) throws InterruptedException {
        ParkedKeys keys = parkedKeys(); // before any record is decoded: the columns come with them
        return new LaneBatch(
                partition.topic(), partition.partition(), next, records.next(), records, decode(records), keys);
    }

    private Decoded decode(Records records) throws InterruptedException {
        return status.insist(() -> decoder.decode(partition.partition(), records));
    }

    private List<Rows> counted(Decoded decoded) throws InterruptedException {
        return status.insist(() -> leat.views.counted(partition.topic(), partition.partition(), decoded.rows()));
    }

    /** After the commit: an attempt that is rolled back buries nothing. */
    private void report(Applied applied) {
        for (NewDeadLetter letter : applied.letters()) {
            leat.meters.deadLetter(letter.stream(), letter.reason().name());
            LOG.warnf(
                    "dead letter topic=%s partition=%d offset=%d stream=%s view=%s reason=%s error=%s",
                    partition.topic(),
                    partition.partition(),
                    letter.record().offset(),
                    letter.stream(),
                    letter.view(),
                    letter.reason(),
                    letter.message());
        }
        if (applied.letters().stream().anyMatch(letter -> letter.copyTo() != null)) {
            leat.copies.wake();
        }
    }

    private void feedLakes(List<Rows> decoded, long end) {
        for (Rows rows : decoded) {
            LakeLane lake = lakes.get(rows.stream());
            if (lake != null) {
                lake.accept(rows, end);
            }
        }
    }
}
