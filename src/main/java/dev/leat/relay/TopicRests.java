package dev.leat.relay;

import dev.leat.ingest.IngestConfig;
import dev.leat.retry.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Topics that can't be written to now, and when each is tried again. One thread only. */
final class TopicRests {

    private final IngestConfig config;
    private final Clock clock;
    private final Map<String, Rest> rests = new HashMap<>();

    TopicRests(IngestConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    private record Rest(Backoff backoff, Instant until) {}

    /** @return whether it was well until now */
    boolean failed(String topic) {
        Rest known = rests.get(topic);
        Backoff backoff = known == null
                ? new Backoff(config.backoffMin(), config.backoffMax(), ThreadLocalRandom.current())
                : known.backoff();
        rests.put(topic, new Rest(backoff, clock.instant().plus(backoff.next())));
        return known == null;
    }

    /** @return whether it had failed before */
    boolean worked(String topic) {
        return rests.remove(topic) != null;
    }

    Set<String> now() {
        Instant now = clock.instant();
        return rests.entrySet().stream()
                .filter(rest -> now.isBefore(rest.getValue().until()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Until the next one may be tried again; empty when all are well. */
    Optional<Duration> next() {
        Instant now = clock.instant();
        return rests.values().stream()
                .map(Rest::until)
                .min(Instant::compareTo)
                .map(until -> Duration.between(now, until))
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }
}
