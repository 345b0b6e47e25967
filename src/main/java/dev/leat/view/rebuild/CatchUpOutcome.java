package dev.leat.view.rebuild;

/** What has become of events for a view that catches up. Unless it is {@link Applied}, nothing of them was applied. */
public sealed interface CatchUpOutcome {

    record Applied() implements CatchUpOutcome {}

    /** The lane is still too far ahead of the view. */
    record NotYet() implements CatchUpOutcome {}

    /** What has rolled the transaction back. */
    sealed interface RolledBack extends CatchUpOutcome {}

    /** Another instance has advanced the view, or other events count by now. Begin again from what Postgres says. */
    record Fenced(String topic, int partition, long expected) implements RolledBack {

        public String message() {
            return "the view is no longer at " + topic + "-" + partition + " offset " + expected
                    + ": another instance catches up, or other events count by now";
        }
    }

    /** An event becomes a dead letter or is parked, which keeps its record; the lake has only its row. */
    record NeedsRecords(String view, String topic, int partition, long offset) implements RolledBack {

        public String message() {
            return "the record " + topic + "-" + partition + "@" + offset + " is needed, because view " + view
                    + " can't hold its event or events behind it wait; the lake has only its row";
        }
    }
}
