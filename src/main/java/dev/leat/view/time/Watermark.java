package dev.leat.view.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The watermark of a stream: up to when its events are expected to have come.
 *
 * <pre>
 *   some partition isn't idle   the lowest of those partitions' newest event times, less the lateness; none while one of
 *                               them has had no event
 *   all are idle                the highest newest event time, and as much more as all of them have been quiet since the
 *                               last arrival, less the lateness
 * </pre>
 *
 * It can go back, as when an idle partition becomes active with old events. What was closed by it stays closed.
 */
final class Watermark {

    private Watermark() {}

    /** @param partitions all that have a checkpoint */
    static Optional<Instant> of(List<PartitionTime> partitions, Duration lateness, Duration idleAfter, Instant now) {
        List<PartitionTime> active =
                partitions.stream().filter(p -> !p.isIdle(idleAfter, now)).toList();
        Optional<Instant> reached = active.isEmpty() ? quiet(partitions) : lowest(active);
        return reached.map(time -> time.minus(lateness));
    }

    private static Optional<Instant> lowest(List<PartitionTime> active) {
        return active.stream().anyMatch(p -> p.newest() == null)
                ? Optional.empty()
                : active.stream().map(PartitionTime::newest).min(Comparator.naturalOrder());
    }

    /** Partitions that never had an event only tell that nothing is waiting in them. */
    private static Optional<Instant> quiet(List<PartitionTime> idle) {
        List<PartitionTime> withEvents =
                idle.stream().filter(p -> p.newest() != null).toList();
        if (withEvents.isEmpty()) {
            return Optional.empty();
        }
        // Up to this time, and not up to now, it is known that nothing has come.
        Instant complete = idle.stream()
                .map(PartitionTime::complete)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Duration quiet = Duration.between(last(withEvents, PartitionTime::arrived), complete);
        return Optional.of(last(withEvents, PartitionTime::newest).plus(quiet));
    }

    private static Instant last(List<PartitionTime> partitions, Function<PartitionTime, Instant> time) {
        return partitions.stream()
                .map(time)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
