package dev.leat.view.fold;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;

/**
 * A fold's transitions, by the type of the event. Immutable; each {@code on} gives a new one.
 *
 * @param <S> the state
 */
public final class Transitions<S> {

    private final Class<S> state;
    private final Map<Class<?>, Transition<S, ?>> byType;
    private final BiFunction<S, EventPosition, S> onDelete;

    private Transitions(
            Class<S> state, Map<Class<?>, Transition<S, ?>> byType, BiFunction<S, EventPosition, S> onDelete) {
        this.state = state;
        this.byType = byType;
        this.onDelete = onDelete;
    }

    /** None yet; a delete ends the state. */
    public static <S> Transitions<S> of(Class<S> state) {
        return new Transitions<>(state, Map.of(), (before, position) -> null);
    }

    /**
     * With one for events of this type.
     *
     * @param type a class that Avro has generated
     */
    public <E extends SpecificRecord> Transitions<S> on(Class<E> type, Transition<S, E> transition) {
        Map<Class<?>, Transition<S, ?>> all = new LinkedHashMap<>(byType);
        if (all.put(type, transition) != null) {
            throw new IllegalArgumentException("two transitions on " + type.getName());
        }
        return new Transitions<>(state, all, onDelete);
    }

    /** With another one for deletes of the key: records without a value. */
    public Transitions<S> onDelete(BiFunction<S, EventPosition, S> transition) {
        return new Transitions<>(state, byType, transition);
    }

    Class<S> state() {
        return state;
    }

    Map<Class<?>, Transition<S, ?>> byType() {
        return byType;
    }

    /** As Leat does it; also for tests of a fold. */
    public S apply(S before, SpecificRecord event, EventPosition position) {
        // Registered under the event's own class.
        @SuppressWarnings("unchecked")
        Transition<S, SpecificRecord> transition = (Transition<S, SpecificRecord>) byType.get(event.getClass());
        return transition.apply(before, event, position);
    }

    /** The same for a delete. */
    public S delete(S before, EventPosition position) {
        return onDelete.apply(before, position);
    }
}
