package dev.leat.view.fold;

import org.apache.avro.specific.SpecificRecord;

/** How an event of one type changes its key's state. */
@FunctionalInterface
public interface Transition<S, E extends SpecificRecord> {

    /**
     * The state after the event. Called on the lane's thread, which may wait.
     *
     * <p>An exception says that this event can never be applied: it becomes a dead letter, and the state stays as it was.
     *
     * @param state null before the key's first event and after a delete; may be changed and returned
     * @return null: the key has no state any more
     */
    S apply(S state, E event, EventPosition position);
}
