package dev.leat.view;

/** An event can never be applied, and its stream says {@code on-poison: stop}. Nothing of the batch was applied. */
public final class PoisonInFront extends RuntimeException {

    private final long offset;

    PoisonInFront(String stream, String topic, int partition, long offset, String view, String message) {
        super("stream " + stream + " stops at " + topic + "-" + partition + " offset " + offset
                + (view == null ? "" : ", refused by view " + view) + ": " + message
                + "; mend the cause, or say `on-poison: skip` or `park`, and restart");
        this.offset = offset;
    }

    /** Events below it can be applied. */
    public long offset() {
        return offset;
    }
}
