package dev.leat.view.time;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.RowsFixture;
import dev.leat.view.lane.ViewsFixture;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** Streams' times and views that close on a real Postgres, with a clock that the test sets. Times are minutes of one day. */
public final class TimeFixture {

    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");

    final List<String> closed = new ArrayList<>();

    private final ViewsFixture database;
    private final Pipeline pipeline;
    private final AtomicReference<OffsetDateTime> now = new AtomicReference<>();
    private final WallClock clock = WallClock.setBy(now::get);
    private final List<ClosableView> views = new ArrayList<>();
    private final ClosingViews closing;
    private final StreamTimes times;

    public TimeFixture(ViewsFixture database, Stream... streams) {
        this.database = database;
        Map<String, Stream> byName = new java.util.LinkedHashMap<>();
        List.of(streams).forEach(stream -> byName.put(stream.name(), stream));
        this.pipeline = new Pipeline(byName, Map.of());
        this.closing = new ClosingViews(List.of(() -> views));
        this.times = new StreamTimes(closing, database.transactions(), Config.DEFAULT, clock);
        database.run("TRUNCATE leat.checkpoint, leat.stream_time, leat.view_close, leat.late_event");
        clock(0);
    }

    /** Times of a pipeline whose views somebody else makes. */
    public TimeFixture(ViewsFixture database, Pipeline pipeline, ClosableViews made) {
        this.database = database;
        this.pipeline = pipeline;
        this.closing = new ClosingViews(List.of(made));
        this.times = new StreamTimes(closing, database.transactions(), Config.DEFAULT, clock);
        clock(0);
    }

    /** Closes all views as far as they can be. */
    public void closeAll() {
        closing.all().forEach(closing()::close);
    }

    private record Config(Duration closeEvery, Duration idleAfter, Duration keepLate) implements TimeConfig {
        static final Config DEFAULT = new Config(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofDays(30));
    }

    /** For tests of what doesn't close. */
    public static StreamTimes withoutViews(Transacting transactions) {
        return new StreamTimes(new ClosingViews(List.of()), transactions, Config.DEFAULT, new WallClock());
    }

    /** Closes by Postgres's clock. */
    public static ViewClosing closing(Transacting transactions, Pipeline pipeline) {
        return new ViewClosing(transactions, new Watermarks(pipeline, Config.DEFAULT, new WallClock()));
    }

    /** A view that writes down what it is told to close. */
    public TimeFixture closes(String view, int graceMinutes, String... streams) {
        views.add(new Toy(view, List.of(streams), Duration.ofMinutes(graceMinutes)));
        return this;
    }

    private final class Toy implements ClosableView {
        private final String name;
        private final List<String> streams;
        private final Duration grace;

        Toy(String name, List<String> streams, Duration grace) {
            this.name = name;
            this.streams = streams;
            this.grace = grace;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<String> streams() {
            return streams;
        }

        @Override
        public Duration grace() {
            return grace;
        }

        @Override
        public void closeInTransaction(Tx tx, Instant from, Instant through) {
            closed.add(name + " " + (from.equals(NEVER) ? "-" : minutes(from)) + ".." + minutes(through));
        }
    }

    public StreamTimes times() {
        return times;
    }

    ClosableView view(String name) {
        return views.stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
    }

    static Instant minute(long minute) {
        return DAY.plus(Duration.ofMinutes(minute));
    }

    private static long minutes(Instant time) {
        return Duration.between(DAY, time).toMinutes();
    }

    public TimeFixture clock(long minute) {
        now.set(minute(minute).atOffset(ZoneOffset.UTC));
        return this;
    }

    /** A lane gets an owner. */
    UUID open(Stream stream, int partition) {
        database.transactions()
                .run(tx -> tx.execute(
                        "INSERT INTO leat.checkpoint (topic, partition, next_offset) VALUES ($1, $2, 0)"
                                + " ON CONFLICT DO NOTHING",
                        Tuple.of(stream.topic(), partition)));
        UUID owner = UUID.randomUUID();
        times.open(List.of(stream.name()), stream.topic(), partition, owner);
        return owner;
    }

    /** A batch with events of these minutes. */
    void batch(Stream stream, int partition, long... minutes) {
        database.transactions().run(tx -> {
            times.shareViewsInTransaction(tx, List.of(stream.name()));
            RowsFixture rows = new RowsFixture(stream, "id", "at", partition);
            for (long minute : minutes) {
                rows.add("e", minute(minute).toEpochMilli() * 1000);
            }
            times.saveInTransaction(tx, stream.topic(), partition, List.of(rows.build()));
            return null;
        });
    }

    /** A batch of nothing but deletes, written to Kafka at these minutes. */
    void deletes(Stream stream, int partition, long... minutes) {
        database.transactions().run(tx -> {
            times.shareViewsInTransaction(tx, List.of(stream.name()));
            RowsFixture rows = new RowsFixture(stream, "id", "at", partition);
            for (long minute : minutes) {
                rows.delete("e", 0, minute(minute).toEpochMilli());
            }
            times.saveInTransaction(tx, stream.topic(), partition, List.of(rows.build()));
            return null;
        });
    }

    /** The lane's owner says that it has applied all that there is now. */
    void complete(Stream stream, int partition, UUID owner) {
        times.complete(stream.topic(), partition, owner, Duration.ZERO);
    }

    /** As an instance does it; the minute up to which it closed. */
    public Optional<Long> close(String view) {
        return closing().close(view(view)).map(TimeFixture::minutes);
    }

    public ViewClosing closing() {
        return new ViewClosing(database.transactions(), watermarks());
    }

    private Watermarks watermarks() {
        return new Watermarks(pipeline, Config.DEFAULT, clock);
    }

    /** What is shown of views. */
    public ViewTimes shown(MeterRegistry meters) {
        return new ViewTimes(pipeline, closing, watermarks(), database.transactions(), meters);
    }

    WallClock wallClock() {
        return clock;
    }
}
