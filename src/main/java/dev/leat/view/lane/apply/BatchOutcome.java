package dev.leat.view.lane.apply;

import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.ParkedKeys;
import java.util.List;
import java.util.Map;

/** What has become of a batch. Unless it is {@link Applied}, nothing of the batch was applied. */
public sealed interface BatchOutcome {

    /**
     * The transaction is committed.
     *
     * @param rows what the lake takes: all but duplicates and what became no row
     * @param deadLetters those that it wrote
     * @param duplicates how many it dropped, by stream; streams without any aren't named
     * @param late how many events came too late, by view; views without any aren't named
     * @param parkedEvents how many it parked
     * @param parkedKeys the lane's from now on
     */
    record Applied(
            List<Rows> rows,
            List<DeadLetter> deadLetters,
            Map<String, Integer> duplicates,
            Map<String, Long> late,
            int parkedEvents,
            ParkedKeys parkedKeys)
            implements BatchOutcome {}

    /** What has rolled the transaction back. */
    sealed interface RolledBack extends BatchOutcome {}

    /** Another instance has moved the lane's checkpoint. */
    record Fenced(String topic, int partition, long expected) implements RolledBack {

        public String message() {
            return "the checkpoint of " + topic + "-" + partition + " is no longer at " + expected
                    + ": another instance has the lane";
        }
    }

    /** Somebody redrove or evicted dead letters, or changed views. Read the parked keys again and decode again. */
    record ParkedKeysStale() implements RolledBack {}

    /**
     * An event can never be applied, and the pipeline says that the lane stops then.
     *
     * @param offset events below it can be applied
     */
    record StoppedByPoison(long offset, String message) implements RolledBack {

        /**
         * The stream says {@code on-poison: stop}.
         *
         * @param stream null when it may be any of the topic's
         * @param view null when no view saw it
         */
        public static StoppedByPoison of(
                String stream, String topic, int partition, long offset, String view, String message) {
            return new StoppedByPoison(
                    offset,
                    (stream == null ? "the lane" : "stream " + stream) + " stops at " + topic + "-" + partition
                            + " offset " + offset + (view == null ? "" : ", refused by view " + view) + ": " + message
                            + "; mend the cause and resume the lane, or say `on-poison: skip` or `park` and restart");
        }

        /** The topic's streams say {@code undeclared: stop}. */
        public static StoppedByPoison undeclared(String topic, int partition, long offset, String message) {
            return new StoppedByPoison(
                    offset,
                    "the lane stops at " + topic + "-" + partition + " offset " + offset + ": " + message
                            + "; declare a stream of that type, or say `undeclared: dead-letter` or `ignore`, and restart");
        }
    }
}
