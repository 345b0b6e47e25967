package dev.leat.ingest.lane;

import dev.leat.lake.Lake;
import dev.leat.lake.write.LakeLane;
import dev.leat.pipeline.Stream;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The lakes that a lane feeds: one for each stream of its topic that has one. The lane's thread only. */
final class LaneLakes {

    private final TopicPartition partition;
    private final List<Stream> streams;
    private final Lake lake;
    private final Map<Stream, LakeLane> open = new LinkedHashMap<>();

    /** @param streams of the lane's topic */
    LaneLakes(TopicPartition partition, List<Stream> streams, Lake lake) {
        this.partition = partition;
        this.streams = streams;
        this.lake = lake;
    }

    /** @param startIfNew where a lake begins that has no checkpoint yet */
    void open(long startIfNew) {
        for (Stream stream : streams) {
            if (stream.lake().isPresent()) {
                open.put(stream, lake.open(stream, partition.partition(), startIfNew));
            }
        }
    }

    /** The lowest of this checkpoint and the lakes'. */
    long lowest(long next) {
        return open.values().stream().mapToLong(LakeLane::nextOffset).reduce(next, Math::min);
    }

    List<OutsideLog.Checkpoint> checkpoints() {
        return open.entrySet().stream()
                .map(lake -> OutsideLog.Checkpoint.ofLake(
                        lake.getKey().name(), lake.getValue().nextOffset()))
                .toList();
    }

    /**
     * Hands over rows of a batch. Blocks while a lake's writer lags.
     *
     * @param end offset after the batch
     */
    void feed(List<Rows> batch, long end) {
        for (Rows rows : batch) {
            LakeLane its = open.get(rows.stream());
            if (its != null) {
                its.accept(rows, end);
            }
        }
    }

    /** Lets the lakes' checkpoints follow to an offset that no event lies below. */
    void passTo(long offset) {
        open.forEach(
                (stream, its) -> its.accept(new Rows(stream, new Shape(List.of()), partition.partition()), offset));
    }

    /** Completes open files, which would else be left to the next owner. */
    void drain(Duration within) {
        open.values().forEach(its -> its.drain(within));
    }

    void close() {
        open.values().forEach(LakeLane::close);
        open.clear();
    }
}
