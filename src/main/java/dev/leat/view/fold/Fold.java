package dev.leat.view.fold;

/**
 * What becomes of a state with each event of its key, for what SQL can't say. A CDI bean; a view names it:
 * {@code ride_lifecycle: {fold: [ride_requested, ride_paid], with: RideLifecycleFold}}.
 *
 * <p>A fold changes nothing but the state that it is given, asks nobody, and comes to the same state whenever it sees the
 * same events: after a rollback, the batch is folded again from the stored states. It may be called by
 * several threads at once, for different keys.
 *
 * @param <S> the state: an entity, whose id is the streams' key
 */
public interface Fold<S> {

    /** Asked once, at start. */
    Transitions<S> transitions();

    /**
     * Raise it when the same events come to another state than before. The views are rebuilt then, while readers query the old
     * ones. An instance with an older version waits.
     */
    default int version() {
        return 1;
    }
}
