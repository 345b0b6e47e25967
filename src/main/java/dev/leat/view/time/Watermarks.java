package dev.leat.view.time;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the watermarks of streams, and how far views can be closed by them. */
@ApplicationScoped
class Watermarks {

    private static final String SELECT_PARTITIONS = """
            SELECT c.partition, t.max_event_time, t.arrived_at, t.complete_at, %s AS now
            FROM leat.checkpoint AS c
            LEFT JOIN leat.stream_time AS t
                ON t.stream = $1 AND t.topic = c.topic AND t.partition = c.partition
            WHERE c.topic = $2
            ORDER BY c.partition
            """.formatted(WallClock.sql(3));

    private final Pipeline pipeline;
    private final TimeConfig config;
    private final WallClock clock;

    Watermarks(Pipeline pipeline, TimeConfig config, WallClock clock) {
        this.pipeline = pipeline;
        this.config = config;
        this.clock = clock;
    }

    /** Up to when a view can be closed: as far as the slowest of its streams lets it. Empty while that isn't known. */
    Optional<Instant> closableInTransaction(Tx tx, ClosableView view) {
        List<Optional<Instant>> watermarks = view.timedBy().stream()
                .map(stream -> ofStreamInTransaction(tx, pipeline.stream(stream)))
                .toList();
        return watermarks.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : watermarks.stream()
                        .map(Optional::get)
                        .min(Comparator.naturalOrder())
                        .map(watermark -> view.lastEnd(watermark.minus(view.grace())));
    }

    /** Partitions of a stream, as they are at one time. */
    record StreamTime(Stream stream, List<PartitionTime> partitions, Duration idleAfter, Instant now) {

        Optional<Instant> watermark() {
            return Watermark.of(partitions, stream.eventTime().lateness(), idleAfter, now);
        }

        boolean isIdle(PartitionTime partition) {
            return partition.isIdle(idleAfter, now);
        }
    }

    Optional<Instant> ofStreamInTransaction(Tx tx, Stream stream) {
        return timeInTransaction(tx, stream).watermark();
    }

    StreamTime timeInTransaction(Tx tx, Stream stream) {
        List<PartitionTime> partitions = new ArrayList<>();
        Instant now = Instant.MIN;
        for (Row row : tx.execute(SELECT_PARTITIONS, Tuple.of(stream.name(), stream.topic(), clock.parameter()))) {
            partitions.add(new PartitionTime(
                    row.getInteger("partition"),
                    instant(row, "max_event_time"),
                    instant(row, "arrived_at"),
                    instant(row, "complete_at")));
            now = instant(row, "now");
        }
        return new StreamTime(stream, partitions, config.idleAfter(), now);
    }

    private static Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}
