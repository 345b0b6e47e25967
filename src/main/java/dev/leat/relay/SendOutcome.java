package dev.leat.relay;

import dev.leat.view.outbox.Sent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What has become of the events of a turn, each by itself; and what stops others. Events in none of it are sent again. One
 * thread.
 */
final class SendOutcome {

    private final Set<Long> acknowledged = new HashSet<>();
    private final Map<Long, String> refused = new LinkedHashMap<>();
    private final Set<String> workingTopics = new HashSet<>();
    private final Map<String, SendFailure> failedTopics = new HashMap<>();
    private SendFailure brokerFailure;

    void acknowledge(Outgoing event) {
        acknowledged.add(event.id());
        workingTopics.add(event.topic());
    }

    void fail(Outgoing event, SendFailure failure) {
        switch (failure.reach()) {
            case EVENT -> refused.put(event.id(), failure.message());
            case TOPIC -> failedTopics.putIfAbsent(event.topic(), failure);
            case BROKER -> brokerFailure = brokerFailure == null ? failure : brokerFailure;
            case BATCH, NOTHING -> {}
        }
    }

    /** Whether no more of a topic's events are to be sent in this turn. */
    boolean stops(String topic) {
        return brokerFailure != null || failedTopics.containsKey(topic);
    }

    Sent sent() {
        return new Sent(acknowledged, refused);
    }

    /** Topics that can't be written to, and why. */
    Map<String, SendFailure> failedTopics() {
        return failedTopics;
    }

    /** Topics that were written to, and didn't fail. */
    Set<String> workingTopics() {
        Set<String> working = new HashSet<>(workingTopics);
        working.removeAll(failedTopics.keySet());
        return working;
    }

    Optional<SendFailure> brokerFailure() {
        return Optional.ofNullable(brokerFailure);
    }
}
