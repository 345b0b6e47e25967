package dev.leat.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

/**
 * How far a stream has come.
 *
 * @param partitions of the stream's topic, those that Kafka or Postgres knows of
 * @param lag events that the views haven't taken in yet, over all partitions; null when Kafka doesn't answer
 * @param deadLetters of this stream
 * @param lake what the stream's Parquet files hold; null when the stream has no lake
 * @param problem why end offsets and lag are missing; null when they aren't
 */
record StreamState(
        String stream,
        String topic,
        List<Partition> partitions,
        Long lag,
        @JsonProperty("dead_letters") DeadLetterCount deadLetters,
        LakeTotals.Totals lake,
        String problem) {

    /**
     * One lane.
     *
     * @param checkpoint offset of the first event that the views haven't taken in; null before the first batch
     * @param endOffset offset of the next event that will be written; null when Kafka doesn't answer
     * @param lag events between the two; null when Kafka doesn't answer
     * @param updatedAt when the checkpoint last moved
     */
    record Partition(
            int partition,
            Long checkpoint,
            @JsonProperty("end_offset") Long endOffset,
            Long lag,
            @JsonProperty("updated_at") OffsetDateTime updatedAt) {}

    /**
     * Open dead letters.
     *
     * @param waiting events that wait behind them
     */
    record DeadLetterCount(
            long count, @JsonProperty("by_reason") Map<String, Long> byReason, long waiting) {}
}
