package dev.leat.view.fold;

import org.apache.avro.specific.SpecificRecord;

/** What an event of one type makes of the state of its key. */
@FunctionalInterface
public interface Transition<S, E extends SpecificRecord> {

    /**
     * The state behind the event. Called on the lane's thread, which may wait.
     *
     * <p>An exception says that this event can never be applied: it becomes a dead letter, and the state stays as it was.
     *
     * @param state null before the key's first event and behind a delete; may be changed and returned
     * @return null: there is no state any more
     */
    S apply(S state, E event, EventPosition position);
}
