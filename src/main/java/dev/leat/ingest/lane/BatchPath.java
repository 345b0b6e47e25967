package dev.leat.ingest.lane;

import dev.leat.ingest.lane.feed.LaneLakes;
import dev.leat.ingest.lane.status.FailureVerdict;
import dev.leat.ingest.lane.status.LaneMeters;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.lane.status.MissingTypes;
import dev.leat.ingest.lane.status.UnfitVersions;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.DeadLetterCopier;
import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.PastRows;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The way of one batch, from a lane's records to rows, dead letters and files. The lane's thread only.
 *
 * <pre>
 *   receive → fence → decode, validate → (transaction: checkpoint, deduplicate, apply) → commit → acknowledge → feed the lake
 * </pre>
 */
final class BatchPath {

    private static final Duration CAUGHT_UP_EVERY = Duration.ofHours(1);

    private final TopicPartition partition;
    private final PartitionConsumer consumer;
    private final LaneDecoder decoder;
    private final BatchCommit commit;
    private final LaneLakes lakes;
    private final PastRows pastRows;
    private final LaneStatus status;
    private final LaneMeters meters;
    private final DeadLetterCopier copies;
    private final MissingTypes types;
    private final UnfitVersions unfit;

    private long next; // the lane's checkpoint: events below it have been applied

    BatchPath(
            TopicPartition partition,
            PartitionConsumer consumer,
            LaneDecoder decoder,
            BatchCommit commit,
            LaneLakes lakes,
            PastRows pastRows,
            LaneStatus status,
            LaneMeters meters,
            DeadLetterCopier copies,
            MissingTypes types,
            UnfitVersions unfit) {
        this.partition = partition;
        this.consumer = consumer;
        this.decoder = decoder;
        this.commit = commit;
        this.lakes = lakes;
        this.pastRows = pastRows;
        this.status = status;
        this.meters = meters;
        this.copies = copies;
        this.types = types;
        this.unfit = unfit;
    }

    /** Begins at the checkpoint that Postgres says. */
    void begin(long checkpoint) {
        next = checkpoint;
        decoder.invalidate();
        consumer.acknowledge(partition, next);
        copies.wake();
    }

    /** The lane's checkpoint. */
    long next() {
        return next;
    }

    /**
     * Takes what was received all the way.
     *
     * @return why the lane can't go on; empty when all of it went through. What was committed before stays
     * @throws RuntimeException any other failure, for {@link FailureVerdict}
     */
    Optional<FailureVerdict> process(Records received) throws InterruptedException {
        Records fresh = fence(received);
        return fresh.isEmpty() ? Optional.empty() : apply(fresh);
    }

    /** Drops what is below the checkpoint. A lake, whose checkpoint lags the views', may still need it. */
    private Records fence(Records received) throws InterruptedException {
        int applied = received.firstAtOrAbove(next);
        if (applied > 0 && !lakes.areClosed()) {
            Records past = received.slice(0, applied);
            lakes.feed(pastRows(decoder.decode(past)), past.next());
        }
        return received.slice(applied, received.size());
    }

    private Optional<FailureVerdict> apply(Records records) throws InterruptedException {
        long started = System.nanoTime();
        LaneBatch batch = decoder.batch(next, records);
        return switch (commit.commit(batch)) {
            case BatchCommit.Result.Committed committed -> {
                Applied applied = committed.applied();
                acknowledge(batch);
                meters.applied(applied, Duration.ofNanos(System.nanoTime() - started));
                report(applied.deadLetters());
                lakes.feed(applied.rows(), next);
                yield Optional.empty();
            }
            case BatchCommit.Result.AnswerLost ignored -> {
                acknowledge(batch);
                lakes.feed(pastRows(batch.decoded()), next);
                yield Optional.empty();
            }
            case BatchCommit.Result.TooSlow ignored -> applyHalves(records);
            case BatchCommit.Result.Fenced fenced -> Optional.of(fenced.verdict());
            case BatchCommit.Result.StoppedByPoison poison -> applyBefore(poison, records);
        };
    }

    private Optional<FailureVerdict> applyHalves(Records records) throws InterruptedException {
        int half = records.size() / 2;
        Optional<FailureVerdict> ended = apply(records.slice(0, half));
        return ended.isPresent() ? ended : apply(records.slice(half, records.size()));
    }

    private Optional<FailureVerdict> applyBefore(BatchCommit.Result.StoppedByPoison poison, Records records)
            throws InterruptedException {
        int before = records.firstAtOrAbove(poison.offset());
        Optional<FailureVerdict> ended = before > 0 ? apply(records.slice(0, before)) : Optional.empty();
        return ended.isPresent() ? ended : Optional.of(poison.verdict());
    }

    private void acknowledge(LaneBatch batch) {
        next = batch.next();
        consumer.acknowledge(partition, next);
        types.saw(partition, batch.decoded());
        unfit.saw(batch.decoded().rejected());
    }

    /** The lane ends. */
    void forget() {
        types.forget(partition);
    }

    private List<Rows> pastRows(Decoded decoded) throws InterruptedException {
        return status.ask(() -> pastRows.forLake(partition.topic(), partition.partition(), decoded.rows()));
    }

    /** After the commit: an attempt that is rolled back leaves no dead letter. */
    private void report(List<DeadLetter> letters) {
        for (DeadLetter letter : letters) {
            meters.deadLetter(letter);
        }
        if (letters.stream().anyMatch(letter -> letter.copyTo != null)) {
            copies.wake();
        }
    }

    /**
     * Moves on to an offset that no event lies below: markers of transactions, or what compaction has removed.
     *
     * @return as {@link #process}
     */
    Optional<FailureVerdict> passTo(long offset) throws InterruptedException {
        if (offset > next) {
            LaneBatch batch = decoder.batchTo(next, offset);
            switch (commit.commit(batch)) {
                case BatchCommit.Result.Fenced fenced -> {
                    return Optional.of(fenced.verdict());
                }
                case BatchCommit.Result.StoppedByPoison poison -> {
                    return Optional.of(poison.verdict());
                }
                case BatchCommit.Result.Committed ignored -> acknowledge(batch);
                case BatchCommit.Result.AnswerLost ignored -> acknowledge(batch);
                case BatchCommit.Result.TooSlow ignored ->
                    throw new IllegalStateException("there is no half of nothing");
            }
        }
        lakes.passTo(offset);
        return Optional.empty();
    }
}
