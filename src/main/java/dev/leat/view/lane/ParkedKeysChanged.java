package dev.leat.view.lane;

/** Somebody redrove or evicted dead letters of the lane. Nothing of the batch was applied; ask for the keys anew. */
public final class ParkedKeysChanged extends RuntimeException {
    ParkedKeysChanged(String topic, int partition) {
        super("the parked keys of " + topic + "-" + partition + " have changed", null, false, false);
    }
}
