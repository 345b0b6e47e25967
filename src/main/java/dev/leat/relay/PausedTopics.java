package dev.leat.relay;

import dev.leat.retry.Backoff;
import dev.leat.retry.RetryConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Topics that can't be written to now, and when each is retried. One thread only. */
final class PausedTopics {

    private final RetryConfig config;
    private final Clock clock;
    private final Map<String, Pause> pauses = new HashMap<>();

    PausedTopics(RetryConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    private record Pause(Backoff backoff, Instant until) {}

    /** @return whether it worked until now */
    boolean failed(String topic) {
        Pause known = pauses.get(topic);
        Backoff backoff = known == null ? new Backoff(config.backoffMin(), config.backoffMax()) : known.backoff();
        pauses.put(topic, new Pause(backoff, clock.instant().plus(backoff.next())));
        return known == null;
    }

    /** @return whether it had failed before */
    boolean worked(String topic) {
        return pauses.remove(topic) != null;
    }

    Set<String> now() {
        Instant now = clock.instant();
        return pauses.entrySet().stream()
                .filter(pause -> now.isBefore(pause.getValue().until()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Those that failed and may be retried by now, or that aren't among these. */
    Set<String> exceptFor(Set<String> topics) {
        Set<String> others = new HashSet<>(pauses.keySet());
        others.removeAll(topics);
        others.removeAll(now());
        return others;
    }

    /** Until the next one may be retried; empty when none is paused. */
    Optional<Duration> untilNext() {
        Instant now = clock.instant();
        return pauses.values().stream()
                .map(Pause::until)
                .min(Instant::compareTo)
                .map(until -> Duration.between(now, until))
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }
}
