package dev.leat.view.deadletter;

import dev.leat.catalog.LaneViews;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The Kafka keys of a lane that wait for a dead letter, and the views that it applies its batches to, as they were after a
 * batch. Immutable.
 *
 * @param version rises in Postgres when somebody else than the lane changes keys or views; then these are stale
 */
public record ParkedKeys(long version, Map<ByteBuffer, Set<Scope>> keys, LaneViews views) {

    ParkedKeys(long version, Map<ByteBuffer, Set<Scope>> keys) {
        this(version, keys, LaneViews.UNKNOWN);
    }

    public ParkedKeys {
        keys = Collections.unmodifiableMap(keys);
    }

    /**
     * Who waits.
     *
     * @param stream null: all streams of the topic
     * @param view null: all views of the stream
     */
    public record Scope(String stream, String view) {

        public boolean covers(String otherStream, String otherView) {
            return (stream == null || stream.equals(otherStream)) && (view == null || view.equals(otherView));
        }
    }

    public ParkedKeys with(LaneViews changed) {
        return new ParkedKeys(version, keys, changed);
    }

    /** Those that wait for this view alone. */
    public ParkedKeys of(String view) {
        Map<ByteBuffer, Set<Scope>> its = new HashMap<>();
        keys.forEach((key, scopes) -> scopes.stream()
                .filter(scope -> view.equals(scope.view()))
                .forEach(scope -> its.computeIfAbsent(key, k -> new HashSet<>()).add(scope)));
        return new ParkedKeys(version, its);
    }

    public static ParkedKeys none() {
        return new ParkedKeys(0, Map.of());
    }
}
