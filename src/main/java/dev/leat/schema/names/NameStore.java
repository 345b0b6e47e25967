package dev.leat.schema.names;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Keeps which column each field of a stream's contract goes into, once that is decided. */
public interface NameStore {

    /**
     * Decides, one instance at a time, and keeps what is decided. Blocks.
     *
     * @param stream its name
     * @param decide gets all that was decided, in that order, and returns it with what is new after it
     * @return all that is decided now
     */
    List<FieldNames.Decision> decide(String stream, UnaryOperator<List<FieldNames.Decision>> decide);

    /** One that forgets with the process, for those who only look. */
    static NameStore inMemory() {
        Map<String, List<FieldNames.Decision>> decided = new HashMap<>();
        return (stream, decide) -> {
            synchronized (decided) {
                List<FieldNames.Decision> all = List.copyOf(decide.apply(decided.getOrDefault(stream, List.of())));
                decided.put(stream, all);
                return all;
            }
        };
    }
}
