package dev.leat.view.fold;

import dev.leat.schema.types.Vector;
import java.time.LocalDate;
import java.util.List;

/** Values of a state's key, as its entity's id has them. In an order of its own, in which states are locked. */
record StateKey(List<Comparable<Object>> parts) implements Comparable<StateKey> {

    @Override
    public int compareTo(StateKey other) {
        for (int i = 0; i < parts.size(); i++) {
            int difference = parts.get(i).compareTo(other.parts.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    /** A value of a stream's key column. */
    @SuppressWarnings("unchecked")
    static Comparable<Object> part(Vector vector, int row, Class<?> type) {
        Object value =
                switch (vector.type().kind()) {
                    case INT, LONG ->
                        type == Integer.class
                                ? (Object) Math.toIntExact(vector.longAt(row))
                                : (Object) vector.longAt(row);
                    case DATE -> LocalDate.ofEpochDay(vector.longAt(row));
                    default -> vector.objectAt(row);
                };
        return (Comparable<Object>) value;
    }
}
