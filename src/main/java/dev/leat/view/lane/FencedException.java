package dev.leat.view.lane;

/** Another instance has moved the lane's checkpoint. Nothing of the batch was applied; whoever holds this lets go. */
public final class FencedException extends RuntimeException {
    public FencedException(String topic, int partition, long expected) {
        super("the checkpoint of " + topic + "-" + partition + " is no longer at " + expected
                + ": another instance has the lane");
    }
}
