package dev.leat.view.outbox;

import java.util.Map;
import java.util.Set;

/**
 * What became of events that were handed to Kafka, by their ids. Those in neither stay where they are, and are sent again.
 *
 * @param acknowledged the broker has them
 * @param refused why one can never be sent as it is
 */
public record Sent(Set<Long> acknowledged, Map<Long, String> refused) {

    public static final Sent NOTHING = new Sent(Set.of(), Map.of());
}
