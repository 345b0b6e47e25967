package dev.leat.ops.stream;

import dev.leat.failure.Failure;
import dev.leat.failure.Scope;
import dev.leat.ops.failure.SeenFailure;
import dev.leat.ops.stream.StreamState.State;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a stream does, by what fails in it. */
final class StreamCondition {

    private StreamCondition() {}

    /** The worst of what fails. */
    static State of(List<SeenFailure> failures, boolean hasUnfitVersion) {
        return Stream.concat(
                        failures.stream().map(StreamCondition::of),
                        hasUnfitVersion ? Stream.of(State.PARKED) : Stream.empty())
                .min(Comparator.naturalOrder())
                .orElse(State.FLOWING);
    }

    private static State of(SeenFailure failure) {
        if (failure.scope() == Scope.Kind.TOPIC) {
            // Events wait for it; those of the stream itself flow.
            return State.WAITING;
        }
        return switch (failure.cause()) {
            case MISSING -> State.MISSING;
            case UNFIT -> failure.scope() == Scope.Kind.VIEW ? State.WAITING : State.PARKED;
            case REFUSED -> failure.rests() ? State.STOPPED : State.WAITING;
            case DEFECT -> failure.rests() ? State.RESTING : State.WAITING;
            case OUTAGE -> State.WAITING;
        };
    }

    /** All that fails, in a sentence each; null when nothing does. */
    static String problem(List<SeenFailure> failures, String other) {
        String all = Stream.concat(
                        failures.stream().map(StreamCondition::sentence),
                        other == null ? Stream.empty() : Stream.of(other))
                .distinct()
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? null : all;
    }

    private static String sentence(SeenFailure failure) {
        String what = failure.scope().label() + " " + failure.name();
        return failure.rests() || failure.cause() != Failure.Cause.OUTAGE
                ? what + (failure.rests() ? " rests" : "") + " ("
                        + failure.cause().label() + "): " + failure.message()
                : what + " waits: " + failure.message();
    }
}
