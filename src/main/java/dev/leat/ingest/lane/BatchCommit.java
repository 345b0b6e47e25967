package dev.leat.ingest.lane;

import dev.leat.failure.Unavailable;
import dev.leat.ingest.lane.status.FailureVerdict;
import dev.leat.ingest.lane.status.LaneStatus;
import dev.leat.ingest.lane.status.LaneTurns;
import dev.leat.ingest.lane.status.SlowRecord;
import dev.leat.view.lane.BatchApplier;
import dev.leat.view.lane.LaneBatch;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.lane.apply.BatchOutcome;
import java.time.Duration;

/**
 * Commits a lane's batches, each once, whatever answers of Postgres are lost: after each failure the checkpoint says whether
 * the batch was committed. The lane's thread only.
 */
final class BatchCommit {

    private final BatchApplier views;
    private final PgCheckpoints checkpoints;
    private final LaneDecoder decoder;
    private final LaneStatus status;
    private final LaneTurns turns;
    private final int tries;

    /** @param tries after so many time-outs of a record that comes alone its view is at fault */
    BatchCommit(
            BatchApplier views,
            PgCheckpoints checkpoints,
            LaneDecoder decoder,
            LaneStatus status,
            LaneTurns turns,
            int tries) {
        this.views = views;
        this.checkpoints = checkpoints;
        this.decoder = decoder;
        this.status = status;
        this.turns = turns;
        this.tries = tries;
    }

    /** What has become of a batch. Unless it is committed, nothing of it was applied. */
    sealed interface Result {

        record Committed(BatchOutcome.Applied applied) implements Result {}

        /** It is committed, but the answer was lost. */
        record AnswerLost() implements Result {}

        /** It takes longer than {@code leat.view.timeout}, and would at each attempt. It has several records. */
        record TooSlow() implements Result {}

        record Fenced(FailureVerdict verdict) implements Result {}

        /** @param offset events below it can be applied */
        record StoppedByPoison(long offset, FailureVerdict verdict) implements Result {}
    }

    /**
     * Retries while Postgres is unavailable.
     *
     * @throws dev.leat.view.lane.apply.ViewFault it isn't, but a view takes too long for a record
     */
    Result commit(LaneBatch batch) throws InterruptedException {
        LaneBatch current = batch;
        SlowRecord slow = new SlowRecord(batch, tries);
        while (true) {
            BatchOutcome outcome;
            try {
                outcome = apply(current, slow.isSuspected());
            } catch (RuntimeException e) {
                requireOutage(e);
                boolean waited = status.hasWaitedForLock();
                status.backOff(e);
                long asked = System.nanoTime();
                if (isCommitted(current)) {
                    decoder.invalidate();
                    return new Result.AnswerLost();
                }
                if (slow.isCuttable(e)) {
                    return new Result.TooSlow();
                }
                slow.count(e, waited, Duration.ofNanos(System.nanoTime() - asked));
                continue;
            }
            switch (outcome) {
                case BatchOutcome.Applied applied -> {
                    decoder.keep(applied.parkedKeys());
                    status.progressed();
                    return new Result.Committed(applied);
                }
                case BatchOutcome.ParkedKeysStale ignored -> current = decoder.again(current);
                case BatchOutcome.Fenced fenced -> {
                    return new Result.Fenced(FailureVerdict.of(fenced));
                }
                case BatchOutcome.StoppedByPoison poison -> {
                    return new Result.StoppedByPoison(poison.offset(), FailureVerdict.of(poison));
                }
            }
        }
    }

    private BatchOutcome apply(LaneBatch batch, boolean isolated) throws InterruptedException {
        return turns.take(batch.topic(), status, () -> {
            status.attempts();
            return isolated ? views.applyIsolated(batch) : views.apply(batch);
        });
    }

    private static void requireOutage(RuntimeException failure) {
        if (!Unavailable.is(failure)) {
            throw failure;
        }
    }

    private boolean isCommitted(LaneBatch batch) throws InterruptedException {
        return status.ask(() -> checkpoints.next(batch.topic(), batch.partition())) == batch.next();
    }
}
