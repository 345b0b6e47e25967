package dev.leat.view.lane;

/** An event can never be applied, and the pipeline says that the lane stops then. Nothing of the batch was applied. */
public final class PoisonInFront extends RuntimeException {

    private final long offset;

    /** The stream says {@code on-poison: stop}. */
    PoisonInFront(String stream, String topic, int partition, long offset, String view, String message) {
        this(
                (stream == null ? "the lane" : "stream " + stream) + " stops at " + topic + "-" + partition + " offset "
                        + offset + (view == null ? "" : ", refused by view " + view) + ": " + message
                        + "; mend the cause, or say `on-poison: skip` or `park`, and restart",
                offset);
    }

    private PoisonInFront(String message, long offset) {
        super(message);
        this.offset = offset;
    }

    /** The topic's streams say {@code undeclared: stop}. */
    static PoisonInFront undeclared(String topic, int partition, long offset, String message) {
        return new PoisonInFront(
                "the lane stops at " + topic + "-" + partition + " offset " + offset + ": " + message
                        + "; declare a stream of that type, or say `undeclared: dead-letter` or `ignore`, and restart",
                offset);
    }

    /** Events below it can be applied. */
    public long offset() {
        return offset;
    }
}
