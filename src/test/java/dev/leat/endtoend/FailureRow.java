package dev.leat.endtoend;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A row of the table of failures in {@code docs/operations.md}: a fault in one stream, and what is said of it.
 *
 * @param kind as the table calls it
 * @param stream the one that it is injected into
 * @param scope what is stopped
 * @param name of it, given the stream's topic
 * @param state of the stream meanwhile
 * @param cause as the API has it
 * @param says what the message has in it
 * @param traits what else is to be known of it
 * @param inject the fault; one that is there from the start needs none
 * @param mend it, without a restart
 */
record FailureRow(
        String kind,
        String stream,
        String scope,
        Function<String, String> name,
        String state,
        String cause,
        List<String> says,
        Set<Trait> traits,
        Consumer<String> inject,
        Consumer<String> mend) {

    enum Trait {
        /** It isn't tried again before somebody resumes it. */
        RESTS,
        /** Mending it resumes it, too. */
        IS_RESUMED_BY_MENDING
    }

    static FailureRow of(String kind, String stream) {
        return new FailureRow(kind, stream, null, null, null, null, List.of(), Set.of(), ignored -> {}, ignored -> {});
    }

    FailureRow stops(String what, Function<String, String> named) {
        return new FailureRow(kind, stream, what, named, state, cause, says, traits, inject, mend);
    }

    /** Its only lane. */
    FailureRow stopsItsLane() {
        return stops("lane", topic -> topic + "-0");
    }

    FailureRow shows(String stateOfStream, String why, String... message) {
        return new FailureRow(kind, stream, scope, name, stateOfStream, why, List.of(message), traits, inject, mend);
    }

    FailureRow with(Trait... all) {
        return new FailureRow(kind, stream, scope, name, state, cause, says, Set.of(all), inject, mend);
    }

    FailureRow injected(Consumer<String> fault) {
        return new FailureRow(kind, stream, scope, name, state, cause, says, traits, fault, mend);
    }

    FailureRow mended(Consumer<String> remedy) {
        return new FailureRow(kind, stream, scope, name, state, cause, says, traits, inject, remedy);
    }

    boolean rests() {
        return traits.contains(Trait.RESTS);
    }

    boolean isToBeResumed() {
        return rests() && !traits.contains(Trait.IS_RESUMED_BY_MENDING);
    }

    @Override
    public String toString() {
        return kind;
    }
}
