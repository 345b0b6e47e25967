package dev.leat.ingest.lane.status;

import dev.leat.failure.Failure.Cause;
import dev.leat.failure.Unavailable;
import dev.leat.ingest.topic.UndecidedTopic;
import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.pipeline.PipelineException;
import dev.leat.postgres.SqlState;
import dev.leat.schema.contract.ContractException;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.lane.apply.ViewFault;
import dev.leat.view.writer.RowRefusal;
import dev.leat.view.writer.UnfitView;
import io.smallrye.mutiny.TimeoutException;
import java.util.function.Predicate;

/** What a failure means for the lane. The one place where that is decided. */
public sealed interface FailureVerdict {

    /** Something that the lane needs is unavailable; the same will work later. {@link Unavailable} says what is one. */
    record Outage(String message) implements FailureVerdict {}

    /** Another instance has moved the lane, or its lake: open again from what Postgres says. */
    record Superseded(String message) implements FailureVerdict {}

    /** Somebody has to choose how to go on in the lane's topic. */
    record Undecided(String message) implements FailureVerdict {}

    /** Going on would break the promise; somebody has to look. */
    record Stop(String message) implements FailureVerdict {}

    /** One view can't be applied to, whatever the rows are: it rests, and the lane goes on without it. */
    record RestView(String view, RuntimeException failure, Cause cause) implements FailureVerdict {

        public String message() {
            return failure.getMessage();
        }
    }

    /** A fault of Leat's own: all that is nothing else. Tried a few times, then the lane rests. */
    record Defect(String message, Throwable cause) implements FailureVerdict {}

    static FailureVerdict of(BatchOutcome.Fenced fenced) {
        return new Superseded(fenced.message());
    }

    static FailureVerdict of(BatchOutcome.StoppedByPoison poison) {
        return new Stop(poison.message());
    }

    static FailureVerdict of(Throwable failure) {
        if (failure instanceof ViewFault fault) {
            // Whatever its cause is: a time-out is an outage only as long as nobody knows better.
            return new RestView(fault.view(), fault, Cause.DEFECT);
        }
        if (Unavailable.is(failure)) {
            return new Outage(Unavailable.message(failure));
        }
        return switch (failure) {
            case LakeInterrupted interrupted
            when interrupted.isSuperseded() -> new Superseded(interrupted.getMessage());
            case UndecidedTopic undecided -> new Undecided(undecided.getMessage());
            case UnfitView unfit -> new RestView(unfit.view(), unfit, Cause.UNFIT);
            case ContractException unfit -> new Stop(unfit.getMessage());
            case PipelineException refused -> new Stop(refused.getMessage());
            // Poison is isolated where it is applied; here it would come back at each attempt.
            default ->
                RowRefusal.of(failure)
                        .<FailureVerdict>map(message -> new Stop("poison where none can be: " + message))
                        .orElseGet(() -> new Defect(Unavailable.message(failure), failure));
        };
    }

    /** Whether the batch took longer than a statement or a transaction may: as it is, it would at each attempt. */
    static boolean isTooSlow(Throwable failure) {
        return hasCause(
                failure,
                cause -> cause instanceof TimeoutException
                        || SqlState.QUERY_CANCELED.isOf(cause)
                        || SqlState.IDLE_IN_TRANSACTION_SESSION_TIMEOUT.isOf(cause)
                        || SqlState.TRANSACTION_TIMEOUT.isOf(cause));
    }

    /** Of the failure itself, or of what caused it. */
    private static boolean hasCause(Throwable failure, Predicate<Throwable> isMeant) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isMeant.test(cause)) {
                return true;
            }
        }
        return false;
    }
}
