package dev.leat.view.deadletter;

import dev.leat.catalog.LaneViews;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which events have to wait: those of a parked key, after the offset at which it was parked. For one transaction, on its
 * thread. A transaction that is rolled back leaves the {@link ParkedKeys} that it began with as they were.
 */
public final class KeyGate {

    private final long version;
    private final LaneViews views;

    /** By key and scope, the offset after which events wait. */
    private final Map<ByteBuffer, Map<Scope, Long>> parkedAt = new HashMap<>();

    public KeyGate(ParkedKeys parked) {
        this.version = parked.version();
        this.views = parked.views();
        parked.keys().forEach((key, scopes) -> {
            for (Scope scope : scopes) {
                put(key, scope, Long.MIN_VALUE);
            }
        });
    }

    /** Parks a key. Without a key nothing can wait. */
    public void park(byte[] key, Scope scope, long offset) {
        if (key != null) {
            put(ByteBuffer.wrap(key), scope, offset);
        }
    }

    private void put(ByteBuffer key, Scope scope, long offset) {
        parkedAt.computeIfAbsent(key, k -> new HashMap<>()).merge(scope, offset, Math::min);
    }

    /** Whether no key is parked. */
    public boolean isOpen() {
        return parkedAt.isEmpty();
    }

    /**
     * Whether the event has to wait.
     *
     * @param view null asks whether it waits whatever the view
     */
    public boolean blocks(byte[] key, long offset, String stream, String view) {
        if (parkedAt.isEmpty() || key == null) {
            return false;
        }
        Map<Scope, Long> scopes = parkedAt.get(ByteBuffer.wrap(key));
        if (scopes == null) {
            return false;
        }
        for (Map.Entry<Scope, Long> parked : scopes.entrySet()) {
            if (offset > parked.getValue() && parked.getKey().covers(stream, view)) {
                return true;
            }
        }
        return false;
    }

    public ParkedKeys parkedKeys() {
        Map<ByteBuffer, Set<Scope>> keys = new HashMap<>();
        parkedAt.forEach((key, scopes) -> keys.put(key, new HashSet<>(scopes.keySet())));
        return new ParkedKeys(version, keys, views);
    }
}
