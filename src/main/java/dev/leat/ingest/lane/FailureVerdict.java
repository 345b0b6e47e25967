package dev.leat.ingest.lane;

import dev.leat.lake.manifest.LakeInterrupted;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.RegistryOutage;
import dev.leat.view.lane.FencedException;
import dev.leat.view.lane.PoisonInFront;
import dev.leat.view.lane.ViewUnavailable;
import dev.leat.view.writer.RowRefusal;
import java.io.IOException;

/** What a failure means for the lane. The one place where that is decided. */
sealed interface FailureVerdict {

    /** What Postgres says of the data itself, and will say each time. Isolated where it happens, so a lane meets none. */
    record Poison(String message) implements FailureVerdict {}

    /** Somebody who is needed can't be reached or can't cope now; the same will work later. */
    record Outage(String message) implements FailureVerdict {}

    /** The lane, or its lake, is no longer where this instance thought: begin anew from what Postgres says. */
    record Superseded(String message) implements FailureVerdict {}

    /** Going on would break the promise; somebody has to look. */
    record Stop(String message) implements FailureVerdict {}

    static FailureVerdict of(Throwable failure) {
        return switch (failure) {
            case FencedException fenced -> new Superseded(fenced.getMessage());
            case LakeInterrupted interrupted
            when hasCause(interrupted, IOException.class) -> new Outage(interrupted.getMessage());
            case LakeInterrupted interrupted -> new Superseded(interrupted.getMessage());
            case ContractException unfit -> new Stop(unfit.getMessage());
            case PoisonInFront poison -> new Stop(poison.getMessage());
            case ViewUnavailable unavailable -> new Outage(unavailable.getMessage());
            case RegistryOutage outage -> new Outage(outage.getMessage());
            default ->
                RowRefusal.of(failure)
                        .<FailureVerdict>map(Poison::new)
                        .orElseGet(() -> new Outage(failure.getClass().getSimpleName() + ": " + failure.getMessage()));
        };
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
