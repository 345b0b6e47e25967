package dev.leat.ingest.lane.status;

import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.postgres.SqlState;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.lane.apply.ViewUnavailable;
import dev.leat.view.writer.RowRefusal;
import io.smallrye.mutiny.TimeoutException;
import java.io.IOException;
import java.util.function.Predicate;

/** What a failure means for the lane. The one place where that is decided. */
public sealed interface FailureVerdict {

    /** Something that the lane needs is unavailable; the same will work later. */
    record Outage(String message) implements FailureVerdict {}

    /** Another instance has moved the lane, or its lake: open again from what Postgres says. */
    record Superseded(String message) implements FailureVerdict {}

    /** Going on would break the promise; somebody has to look. */
    record Stop(String message) implements FailureVerdict {}

    static FailureVerdict of(BatchOutcome.Fenced fenced) {
        return new Superseded(fenced.message());
    }

    static FailureVerdict of(BatchOutcome.StoppedByPoison poison) {
        return new Stop(poison.message());
    }

    static FailureVerdict of(Throwable failure) {
        return switch (failure) {
            case LakeInterrupted interrupted
            when hasCause(interrupted, IOException.class::isInstance) -> new Outage(interrupted.getMessage());
            case LakeInterrupted interrupted -> new Superseded(interrupted.getMessage());
            case ContractException unfit -> new Stop(unfit.getMessage());
            case ViewUnavailable unavailable -> new Outage(unavailable.getMessage());
            case RegistryOutage outage -> new Outage(outage.getMessage());
            // Poison is isolated where it is applied; here it would come back at each attempt.
            default ->
                RowRefusal.of(failure)
                        .<FailureVerdict>map(message -> new Stop("poison where none can be: " + message))
                        .orElseGet(() -> new Outage(failure.getClass().getSimpleName() + ": " + failure.getMessage()));
        };
    }

    /** Whether the batch took longer than {@code leat.view.timeout}: as it is, it would at each attempt. */
    static boolean isTimeout(Throwable failure) {
        return hasCause(failure, cause -> cause instanceof TimeoutException || SqlState.QUERY_CANCELED.isOf(cause));
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
