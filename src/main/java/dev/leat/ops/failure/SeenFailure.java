package dev.leat.ops.failure;

import dev.leat.failure.Failure;
import dev.leat.failure.Scope;
import java.time.Instant;
import java.util.UUID;

/**
 * A failure of one of the instances, as the API shows it.
 *
 * @param name of what is stopped
 * @param since when it began
 * @param times how often it has been met since
 * @param rests whether it isn't tried again before somebody resumes it
 * @param instance the one that has met it
 */
public record SeenFailure(
        Scope.Kind scope,
        String name,
        Failure.Cause cause,
        String message,
        Instant since,
        long times,
        boolean rests,
        UUID instance) {

    static SeenFailure of(UUID instance, Failure failure) {
        return new SeenFailure(
                failure.scope().kind(),
                failure.scope().name(),
                failure.cause(),
                failure.message(),
                failure.since(),
                failure.times(),
                failure.rests(),
                instance);
    }

    public boolean isOf(Scope other) {
        return scope == other.kind() && name.equals(other.name());
    }
}
