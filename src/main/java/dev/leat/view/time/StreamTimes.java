package dev.leat.view.time;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keeps each partition's event time for watermarks, of the streams that a closable view reads; for others it does nothing. A
 * batch's event times are saved in its transaction, so watermarks never run ahead of what was applied.
 *
 * <p>A lane also reports from time to time that it has applied all that its log held at some moment. That makes a partition
 * idle, and not the lack of batches: a lane with a backlog, or without an owner, has no batches either.
 */
@ApplicationScoped
public class StreamTimes {

    // Event times are clamped to what Postgres can hold; Avro's range is wider.
    private static final long EARLIEST = ClosableView.NEVER.getEpochSecond() * 1_000_000;
    private static final long LATEST = 253_402_300_799_000_000L;

    /** Of a batch without an event time; before all that have one. */
    private static final OffsetDateTime NONE = OffsetDateTime.MIN;

    private static final String OPEN = """
            INSERT INTO leat.stream_time (stream, topic, partition, arrived_at, opened_by)
            SELECT u.stream, $2, $3, %s, $4 FROM unnest($1::text[]) AS u(stream)
            ON CONFLICT (stream, topic, partition) DO UPDATE SET complete_at = NULL, opened_by = excluded.opened_by
            """.formatted(WallClock.sql(5));

    // The event time of an event from the future is capped at now, or that event would make all others late. A batch of
    // deletes has no event time, and least() would make that now.
    private static final String SAVE = """
            INSERT INTO leat.stream_time AS t (stream, topic, partition, max_event_time, arrived_at)
            SELECT u.stream, $3, $4, CASE WHEN u.event_time IS NOT NULL THEN least(u.event_time, clock.now) END, clock.now
            FROM unnest($1::text[], $2::timestamptz[]) AS u(stream, event_time), (SELECT %s AS now) AS clock
            ON CONFLICT (stream, topic, partition) DO UPDATE SET
                max_event_time = greatest(t.max_event_time, excluded.max_event_time),
                arrived_at = greatest(t.arrived_at, excluded.arrived_at)
            """.formatted(WallClock.sql(5));

    private static final String SAVE_COMPLETE = """
            UPDATE leat.stream_time
            SET complete_at = greatest(complete_at, %s - $4::bigint * interval '1 microsecond')
            WHERE topic = $1 AND partition = $2 AND opened_by = $3
            """.formatted(WallClock.sql(5));

    private static final String SELECT_COMPLETE = """
            SELECT CASE WHEN bool_and(t.complete_at IS NOT NULL) THEN min(t.complete_at) END
            FROM leat.checkpoint AS c
            LEFT JOIN leat.stream_time AS t ON t.stream = $1 AND t.topic = c.topic AND t.partition = c.partition
            WHERE c.topic = $2
            """;

    private final ClosingViews views;
    private final Transacting transactions;
    private final TimeConfig config;
    private final WallClock clock;

    StreamTimes(ClosingViews views, Transacting transactions, TimeConfig config, WallClock clock) {
        this.views = views;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    /** Whether the time of any of these streams says how far a view can be closed. Cheap. */
    public boolean needs(Collection<String> streams) {
        return !needed(streams).isEmpty();
    }

    /** Those of the streams whose time says how far a view can be closed. Cheap. */
    public Set<String> needed(Collection<String> streams) {
        return streams.stream().filter(views::need).collect(Collectors.toSet());
    }

    /**
     * Registers the lane's owner, so that the partition isn't idle before this one has read its log. Blocks.
     *
     * @param streams of the lane's topic
     * @param owner another one at each opening
     */
    public void open(Collection<String> streams, String topic, int partition, UUID owner) {
        String[] needed = needed(streams).toArray(String[]::new);
        if (needed.length > 0) {
            run(OPEN, Tuple.of(needed, topic, partition, owner, clock.parameter()));
        }
    }

    /**
     * Reports that the lane has applied all that its log held this long ago. Ignored when the lane has another owner since.
     * Blocks.
     */
    public void complete(String topic, int partition, UUID owner, Duration ago) {
        run(SAVE_COMPLETE, Tuple.of(topic, partition, owner, ago.toNanos() / 1000, clock.parameter()));
    }

    private void run(String sql, Tuple parameters) {
        transactions.run(tx -> tx.execute(sql, parameters));
    }

    /**
     * Takes the shared locks of the closable views that read these streams. After the checkpoint was moved, before anything is
     * applied.
     */
    public void shareViewsInTransaction(Tx tx, Collection<String> streams) {
        List<ClosableView> shared = views.of(streams);
        if (!shared.isEmpty()) {
            ViewLocks.shareInTransaction(tx, shared);
        }
    }

    /** Takes the lock of one view, which alone gets events. */
    public void shareViewInTransaction(Tx tx, ClosableView view) {
        ViewLocks.shareInTransaction(tx, List.of(view));
    }

    /**
     * Saves that a batch came, and its newest event time. A delete has none of its own: Kafka's timestamp says when it was
     * written, and in data that was written long after it happened that would make all that follows late.
     */
    public void saveInTransaction(Tx tx, String topic, int partition, List<Rows> batch) {
        Map<String, OffsetDateTime> newest = new TreeMap<>();
        for (Rows rows : batch) {
            if (!rows.isEmpty() && views.need(rows.stream().name())) {
                newest.merge(rows.stream().name(), newest(rows), StreamTimes::later);
            }
        }
        if (!newest.isEmpty()) {
            tx.submit(
                    SAVE,
                    Tuple.of(
                            newest.keySet().toArray(String[]::new),
                            newest.values().stream()
                                    .map(time -> time == NONE ? null : time)
                                    .toArray(OffsetDateTime[]::new),
                            topic,
                            partition,
                            clock.parameter()));
        }
    }

    private static OffsetDateTime later(OffsetDateTime one, OffsetDateTime other) {
        return one.isBefore(other) ? other : one;
    }

    private static OffsetDateTime newest(Rows rows) {
        OptionalLong newest = IntStream.range(0, rows.size())
                .filter(rows::hasEventTime)
                .mapToLong(rows::eventTime)
                .max();
        return newest.isEmpty() ? NONE : PgTimes.timestamp(Math.clamp(newest.getAsLong(), EARLIEST, LATEST));
    }

    /**
     * A time up to which the lanes of these streams have applied all that their logs held then; empty while one of them
     * hasn't told any since it was opened, and for no streams.
     */
    public Optional<Instant> completeInTransaction(Tx tx, Collection<Stream> streams) {
        Instant complete = Instant.MAX;
        for (Stream stream : streams) {
            OffsetDateTime of = tx.execute(SELECT_COMPLETE, Tuple.of(stream.name(), stream.topic()))
                    .iterator()
                    .next()
                    .getOffsetDateTime(0);
            if (of == null) {
                return Optional.empty();
            }
            complete = of.toInstant().isBefore(complete) ? of.toInstant() : complete;
        }
        return streams.isEmpty() ? Optional.empty() : Optional.of(complete);
    }

    /** How often views are closed as far as these times allow. */
    public Duration closeEvery() {
        return config.closeEvery();
    }

    /** How often a lane should report that it is complete: often enough for its partition to stay idle. */
    public Duration completeEvery() {
        return config.idleAfter().dividedBy(6);
    }
}
