package dev.leat.ingest.lane.feed;

import dev.leat.failure.Failures;
import dev.leat.pipeline.Stream;
import dev.leat.retry.RetryConfig;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * The lakes that a lane feeds: one for each stream of its topic that has one. Each fails by itself, and stops nothing else.
 * The lane's thread only.
 */
public final class LaneLakes {

    private final TopicPartition partition;
    private final Map<Stream, LaneLake> lakes = new LinkedHashMap<>();

    /** @param streams of the lane's topic */
    public LaneLakes(
            TopicPartition partition,
            List<Stream> streams,
            LakeSource source,
            Failures failures,
            RetryConfig waits,
            InstantSource clock) {
        this.partition = partition;
        streams.stream()
                .filter(stream -> stream.lake().isPresent())
                .forEach(stream ->
                        lakes.put(stream, new LaneLake(stream, partition.partition(), source, failures, waits, clock)));
    }

    /**
     * Opens those that can be.
     *
     * @param startIfNew where a lake begins that has no checkpoint yet
     */
    public void open(long startIfNew) {
        lakes.values().forEach(lake -> lake.open(startIfNew));
    }

    /** Lets those rest that have lost events to retention. To be asked after they were opened. */
    public void requireInLog(long beginning) {
        lakes.values().forEach(lake -> lake.requireInLog(beginning));
    }

    /** The lowest of this checkpoint and those of the open lakes. */
    public long lowest(long next) {
        return checkpoints().values().stream().reduce(next, Math::min);
    }

    /** To be told once they are open, before the first batch. */
    public void catchUpTo(long checkpoint) {
        lakes.values().forEach(lake -> lake.catchUpTo(checkpoint));
    }

    /** Those of the open lakes, by stream. */
    public Map<String, Long> checkpoints() {
        Map<String, Long> checkpoints = new LinkedHashMap<>();
        for (LaneLake lake : lakes.values()) {
            OptionalLong next = lake.nextOffset();
            next.ifPresent(offset -> checkpoints.put(lake.stream().name(), offset));
        }
        return checkpoints;
    }

    /** Whether no lake takes anything now. */
    public boolean areClosed() {
        return lakes.values().stream().noneMatch(LaneLake::isOpen);
    }

    /**
     * Hands over rows of a batch. Blocks while a lake's writer lags.
     *
     * @param end offset after the batch
     */
    public void feed(List<Rows> batch, long end) {
        for (Rows rows : batch) {
            LaneLake its = lakes.get(rows.stream());
            if (its != null) {
                its.accept(rows, end);
            }
        }
    }

    /** Lets the lakes' checkpoints follow to an offset that no event lies below. */
    public void passTo(long offset) {
        lakes.forEach(
                (stream, its) -> its.accept(new Rows(stream, new Shape(List.of()), partition.partition()), offset));
    }

    /**
     * Notices what has become of each, event or no event: to be asked every second or so.
     *
     * @return whether one that had failed can be opened again now; the lane is to open anew then
     */
    public boolean look() {
        boolean due = false;
        for (LaneLake lake : lakes.values()) {
            due |= lake.look();
        }
        return due;
    }

    /** Completes open files, which would else be left to the next owner. */
    public void drain(Duration within) {
        lakes.values().forEach(lake -> lake.drain(within));
    }

    public void close() {
        lakes.values().forEach(LaneLake::close);
    }

    /** The lane ends. */
    public void forget() {
        lakes.values().forEach(LaneLake::forget);
    }
}
