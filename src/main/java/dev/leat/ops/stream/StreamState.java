package dev.leat.ops.stream;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.leat.ops.failure.SeenFailure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

/**
 * Progress, lag and dead letters of a stream.
 *
 * @param state what the stream does, by the worst that fails in it; see {@link State}
 * @param unfitVersions those versions
 * @param partitions of the stream's topic, those that Kafka or Postgres knows of
 * @param lag events that the views haven't applied yet, over all partitions; null when Kafka doesn't answer
 * @param deadLetters of this stream
 * @param lake what the stream's Parquet files hold; null when the stream has no lake
 * @param failures what fails now in it and in its views and lanes, in any instance
 * @param problem the same in a sentence, and why end offsets and lag are missing; null when all is well
 */
record StreamState(
        String stream,
        String topic,
        State state,
        @JsonProperty("unfit_versions") List<UnfitVersion> unfitVersions,
        List<Partition> partitions,
        Long lag,
        @JsonProperty("dead_letters") DeadLetterCount deadLetters,
        LakeTotals.Totals lake,
        List<SeenFailure> failures,
        String problem) {

    /** From the worst to the best. Lower case in JSON. */
    enum State {
        /** Its topic doesn't exist. */
        @JsonProperty("missing")
        MISSING,
        /** Its contract or a version of that doesn't fit. */
        @JsonProperty("parked")
        PARKED,
        /** A lane stopped at data that can't be taken; somebody has to look. */
        @JsonProperty("stopped")
        STOPPED,
        /** A lane, a view or a lake rests after a defect; the others go on. */
        @JsonProperty("resting")
        RESTING,
        /** A lane or a view waits, and resumes by itself. */
        @JsonProperty("waiting")
        WAITING,
        @JsonProperty("flowing")
        FLOWING
    }

    /**
     * A version of the contract whose events are all dead letters.
     *
     * @param schemaId what its events name
     * @param message the version, its fields that don't fit, and the remedy
     * @param deadLetters how many are open
     * @param since when the first of them came
     */
    @RegisterForReflection
    record UnfitVersion(
            @JsonIgnore String stream,
            @JsonProperty("schema_id") Long schemaId,
            String message,
            @JsonProperty("dead_letters") long deadLetters,
            OffsetDateTime since) {}

    /**
     * One lane.
     *
     * @param checkpoint offset of the first event that the views haven't applied; null before the first batch
     * @param endOffset offset of the next event that will be written; null when Kafka doesn't answer
     * @param lag events between the two; null when Kafka doesn't answer
     * @param lane state of the lane, in whichever instance; null when none has it
     * @param waitsFor the lane that it is read after, and how far that one is; null when it doesn't wait for another
     * @param updatedAt when the checkpoint last moved
     */
    record Partition(
            int partition,
            Long checkpoint,
            @JsonProperty("end_offset") Long endOffset,
            Long lag,
            String lane,
            @JsonProperty("waits_for") String waitsFor,
            @JsonProperty("updated_at") OffsetDateTime updatedAt) {}

    /**
     * Open dead letters.
     *
     * @param parkedEvents events that are parked behind them
     */
    record DeadLetterCount(
            long count,
            @JsonProperty("by_reason") Map<String, Long> byReason,
            @JsonProperty("parked_events") long parkedEvents) {}
}
