package dev.leat.ingest.lane.status;

import dev.leat.failure.Failure;
import dev.leat.failure.Failures;
import dev.leat.failure.Scope;
import dev.leat.pipeline.Stream;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.types.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Streams whose `type:` no record of their topic has, as far as this process has read it, while records of types come that
 * no stream declares. Most likely the type is misspelt. It is on the board of {@link Failures} until a record of the type
 * comes. Thread-safe.
 */
@ApplicationScoped
public class MissingTypes {

    private static final Logger LOG = Logger.getLogger(MissingTypes.class);

    private final Failures failures;
    private final Set<String> met = ConcurrentHashMap.newKeySet();

    // The lanes that miss a stream's type.
    private final Map<String, Set<TopicPartition>> missed = new ConcurrentHashMap<>();

    MissingTypes(Failures failures) {
        this.failures = failures;
    }

    /** After a batch of the lane was committed. */
    public void saw(TopicPartition lane, Decoded decoded) {
        for (Rows rows : decoded.rows()) {
            Stream stream = rows.stream();
            if (stream.contract().type().isEmpty() || met.contains(stream.name())) {
                continue;
            }
            if (hasEvent(rows)) {
                met.add(stream.name());
                over(stream.name());
            } else if (!decoded.others().isEmpty() && isWanted(rows)) {
                report(lane, stream, decoded.others());
            }
        }
    }

    private static boolean hasEvent(Rows rows) {
        return IntStream.range(0, rows.size()).anyMatch(row -> !rows.isDelete(row));
    }

    /** Where other types are skipped, a known type may be a rare one. */
    private static boolean isWanted(Rows rows) {
        return rows.stream().decoding().undeclared() != Stream.Undeclared.IGNORE
                || rows.shape().columns().isEmpty();
    }

    private void report(TopicPartition lane, Stream stream, Set<String> others) {
        String message = stream.at("type") + ": no record of topic " + stream.topic() + " has type "
                + stream.contract().type().orElseThrow() + ", as far as it was read; records came of "
                + String.join(", ", others);
        Set<TopicPartition> lanes = missed.computeIfAbsent(stream.name(), s -> ConcurrentHashMap.newKeySet());
        if (lanes.isEmpty()) {
            LOG.warnf("a type is missing stream=%s error=%s", stream.name(), message);
        }
        lanes.add(lane);
        failures.report(Scope.stream(stream.name()), Failure.Cause.MISSING, message);
    }

    private void over(String stream) {
        if (missed.remove(stream) != null) {
            failures.over(Scope.stream(stream), Failure.Cause.MISSING);
            LOG.infof("a record of its type has come stream=%s", stream);
        }
    }

    /** The lane ends: another instance reads on. */
    public void forget(TopicPartition lane) {
        missed.forEach((stream, lanes) -> {
            if (lanes.remove(lane) && lanes.isEmpty() && missed.remove(stream) != null) {
                failures.over(Scope.stream(stream), Failure.Cause.MISSING);
            }
        });
    }
}
