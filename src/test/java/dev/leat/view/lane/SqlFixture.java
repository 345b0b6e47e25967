package dev.leat.view.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.catalog.Definitions;
import dev.leat.failure.Failures;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineFiles;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.ValueRows;
import dev.leat.schema.wire.Records;
import dev.leat.view.lane.apply.BatchOutcome;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import dev.leat.view.rebuild.CatchUp;
import dev.leat.view.rebuild.CatchUpOutcome;
import dev.leat.view.rebuild.DefinitionChanges;
import dev.leat.view.rebuild.LaneToCatchUp;
import dev.leat.view.rebuild.Rebuild;
import dev.leat.view.rebuild.RebuildFixture;
import dev.leat.view.rebuild.RebuildRequests;
import dev.leat.view.rebuild.Rebuilds;
import dev.leat.view.rebuild.RestingViews;
import dev.leat.view.rebuild.UncreatedViews;
import dev.leat.view.release.ReleaseFixture;
import dev.leat.view.release.Released;
import dev.leat.view.table.TablesFixture;
import dev.leat.view.table.ViewWriters;
import dev.leat.view.time.TimeFixture;
import dev.leat.view.writer.Explanation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A pipeline with views in SQL over a database of its own, fed with values: no Kafka, no decoding. Each topic has as many
 * lanes as are written to; {@link #flush} is one batch of each.
 */
public final class SqlFixture {

    private final ViewsFixture database;
    private final Pipeline pipeline;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<TopicPartition, Lane> lanes = new LinkedHashMap<>();
    private final TimeFixture time;
    private final Map<TopicPartition, List<Logged>> log;
    private LaneParts views;
    private TablesFixture tables;

    private static final class Lane {
        private final UUID owner = UUID.randomUUID();
        private long next;
        private final Map<String, List<Event>> pending = new LinkedHashMap<>();
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    }

    /** An event that was applied. */
    private record Logged(String stream, Event event, ConsumerRecord<byte[], byte[]> record) {}

    private record Event(long offset, long timestamp, boolean isDelete, Object[] values) {}

    /** @param columns of each stream, by its name, as {@link ValueRows#shape} reads them */
    public SqlFixture(ViewsFixture database, String yaml, Map<String, String> columns) {
        this(database, read(yaml), shapes(columns));
    }

    public SqlFixture(ViewsFixture database, Pipeline pipeline, Map<String, Shape> shapes) {
        this(database, pipeline, shapes, new LinkedHashMap<>());
    }

    private SqlFixture(
            ViewsFixture database,
            Pipeline pipeline,
            Map<String, Shape> shapes,
            Map<TopicPartition, List<Logged>> log) {
        this.database = database;
        this.pipeline = pipeline;
        this.log = log;
        this.shapes.putAll(shapes);
        this.time =
                new TimeFixture(database, pipeline, () -> tables.closableViews().closableViews());
        restart();
    }

    private static Map<String, Shape> shapes(Map<String, String> columns) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        columns.forEach((stream, shape) -> shapes.put(stream, ValueRows.shape(shape)));
        return shapes;
    }

    /** @throws dev.leat.pipeline.PipelineException as at start */
    public static Pipeline read(String yaml) {
        try {
            Path file = Files.createTempDirectory("leat").resolve("pipeline.yaml");
            Files.writeString(file, yaml);
            return PipelineFiles.read(file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another instance that starts, on the same topics, with another pipeline. */
    public SqlFixture another(String yaml) {
        Pipeline other = read(yaml);
        DefinitionChanges changes = database.changes(other);
        other.streams().values().forEach(changes::settle);
        return new SqlFixture(database, other, shapes, log);
    }

    /** Events come by these columns from now on. */
    public SqlFixture promote(Map<String, Shape> wider) {
        shapes.putAll(wider);
        return this;
    }

    /** As an instance that starts: it makes what isn't there. */
    public void restart() {
        tables = database.tablesOf(pipeline);
        views = database.views(pipeline, time.times(), tables);
        tables.tables().check(shapes);
        pipeline.streams().forEach((name, stream) -> {
            if (shapes.containsKey(name)) {
                tables.tables().ensure(stream, shapes.get(name));
            }
        });
    }

    /** An event, with Kafka's timestamp 0. */
    public SqlFixture event(String stream, int partition, Object... values) {
        return add(stream, partition, 0, values, false);
    }

    /** @param timestamp Kafka's, in milliseconds */
    public SqlFixture eventAt(long timestamp, String stream, int partition, Object... values) {
        return add(stream, partition, timestamp, values, false);
    }

    /** @param timestamp Kafka's, in milliseconds */
    public SqlFixture deleteAt(long timestamp, String stream, int partition, Object... values) {
        return add(stream, partition, timestamp, values, true);
    }

    /** @param values the key's; null for the others */
    public SqlFixture delete(String stream, int partition, Object... values) {
        return add(stream, partition, 0, values, true);
    }

    private SqlFixture add(String name, int partition, long timestamp, Object[] values, boolean isDelete) {
        Stream stream = pipeline.stream(name);
        Lane lane = lanes.computeIfAbsent(new TopicPartition(stream.topic(), partition), p -> {
            Lane opened = new Lane();
            opened.next = views.open(p.topic(), p.partition(), 0);
            time.times()
                    .open(
                            pipeline.streamsOf(p.topic()).stream()
                                    .map(Stream::name)
                                    .toList(),
                            p.topic(),
                            p.partition(),
                            opened.owner);
            return opened;
        });
        if (lane.records.isEmpty()) {
            // Another instance may have had the lane meanwhile.
            lane.next = views.checkpoint(stream.topic(), partition);
        }
        long offset = lane.next + lane.records.size();
        lane.pending.computeIfAbsent(name, s -> new ArrayList<>()).add(new Event(offset, timestamp, isDelete, values));
        lane.records.add(record(stream.topic(), partition, offset, values[0]));
        return this;
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, int partition, long offset, Object key) {
        byte[] bytes = String.valueOf(key).getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                bytes.length,
                1,
                bytes,
                new byte[1],
                new RecordHeaders(),
                Optional.empty());
    }

    /** Applies what was added since the last time, a batch a lane. */
    public Map<TopicPartition, Applied> flush() {
        Map<TopicPartition, Applied> applied = new HashMap<>();
        lanes.forEach((partition, lane) -> {
            if (!lane.records.isEmpty()) {
                applied.put(partition, apply(partition, lane));
                log(partition, lane);
                lane.next += lane.records.size();
                lane.pending.clear();
                lane.records.clear();
            }
        });
        return applied;
    }

    /** As a lane does it: what was changed meanwhile is read again. */
    private Applied apply(TopicPartition partition, Lane lane) {
        BatchOutcome outcome = views.outcome(batch(partition, lane));
        while (outcome instanceof BatchOutcome.ParkedKeysStale) {
            outcome = views.outcome(batch(partition, lane));
        }
        assertThat(outcome).isInstanceOf(Applied.class);
        return (Applied) outcome;
    }

    private void log(TopicPartition partition, Lane lane) {
        List<Logged> applied = new ArrayList<>();
        lane.pending.forEach((stream, events) -> events.forEach(
                event -> applied.add(new Logged(stream, event, lane.records.get((int) (event.offset() - lane.next))))));
        applied.sort(Comparator.comparingLong(logged -> logged.event().offset()));
        log.computeIfAbsent(partition, p -> new ArrayList<>()).addAll(applied);
    }

    /** Feeds another instance's topics with what was applied here, in the same order on each. */
    public void replay(SqlFixture to, Random random) {
        log.forEach((partition, events) -> events.forEach(logged -> {
            to.add(
                    logged.stream(),
                    partition.partition(),
                    logged.event().timestamp(),
                    logged.event().values(),
                    logged.event().isDelete());
            if (random.nextInt(5) == 0) {
                to.flush();
            }
        }));
        to.flush();
    }

    public Rebuilds rebuilds() {
        return rebuilding().rebuilds();
    }

    /** What people ask of this instance. */
    public RebuildRequests requests() {
        return rebuilding().requests();
    }

    /** Lets views rest that can't be applied to. */
    public RestingViews resting() {
        return rebuilding().resting();
    }

    /** Creates what couldn't be. */
    public UncreatedViews uncreated() {
        return rebuilding().uncreated();
    }

    /** What this instance shows. */
    public Failures failures() {
        return tables.failures();
    }

    /** Is called when somebody has resumed what can't be created. */
    public SqlFixture onResume(Runnable call) {
        tables.tables().onResume(call);
        return this;
    }

    private RebuildFixture rebuilding() {
        return database.rebuilding(pipeline, time.times(), time.closing(), tables);
    }

    /** Begins what was asked for. */
    public SqlFixture begin(String view) {
        Map<String, Map<Integer, Long>> starts = new HashMap<>();
        log.keySet().forEach(partition -> rebuilds().spans(partition.topic()).forEach(span -> starts.computeIfAbsent(
                        partition.topic(), t -> new HashMap<>())
                .put(span.partition(), span.first())));
        rebuilds().begin(rebuilds().find(view).orElseThrow(), shapes, starts, Map.of());
        return this;
    }

    /** One step of a rebuild, as an instance makes it that has just taken it up; whether it is over. */
    public boolean step(String view, Random random) {
        Rebuilds rebuilds = rebuilds();
        Rebuild rebuild = rebuilds.find(view).orElseThrow();
        rebuilds.takeUp(rebuild);
        List<LaneToCatchUp> behind = rebuilds.lanes(rebuild);
        if (behind.isEmpty()) {
            return rebuilds.finish(view);
        }
        if (!rebuilds.isRightSideKnown(Definitions.named(rebuild.builds(), rebuild.definition()))) {
            return false;
        }
        LaneToCatchUp lane = behind.get(random.nextInt(behind.size()));
        long some = Math.min(lane.checkpoint(), lane.next() + 1 + random.nextInt(40));
        if (some < lane.checkpoint()) {
            assertThat(rebuilds.apply(catchUp(rebuild, lane, some))).isEqualTo(new CatchUpOutcome.Applied());
        } else {
            assertThat(rebuilds.handOver(lane, checkpoint -> Optional.of(catchUp(rebuild, lane, checkpoint))))
                    .isNotInstanceOf(CatchUpOutcome.RolledBack.class);
        }
        return false;
    }

    private CatchUp catchUp(Rebuild rebuild, LaneToCatchUp lane, long next) {
        View built = Definitions.named(rebuild.builds(), rebuild.definition());
        TopicPartition partition = new TopicPartition(lane.topic(), lane.partition());
        Map<String, List<Event>> events = new LinkedHashMap<>();
        Map<Long, ConsumerRecord<byte[], byte[]>> records = new HashMap<>();
        for (Logged logged : log.get(partition)) {
            long offset = logged.event().offset();
            if (offset >= lane.next() && offset < next) {
                records.put(offset, logged.record());
                if (built.streams().contains(logged.stream())) {
                    events.computeIfAbsent(logged.stream(), s -> new ArrayList<>())
                            .add(logged.event());
                }
            }
        }
        return new CatchUp(
                built,
                lane.topic(),
                lane.partition(),
                lane.next(),
                lane.version(),
                next,
                decoded(partition, events),
                records::get);
    }

    private List<Rows> decoded(TopicPartition partition, Map<String, List<Event>> pending) {
        List<Rows> decoded = new ArrayList<>();
        pending.forEach((name, events) -> {
            ValueRows rows = new ValueRows(pipeline.stream(name), shapes.get(name), partition.partition());
            for (Event event : events) {
                if (event.isDelete()) {
                    rows.delete(event.offset(), event.timestamp(), event.values());
                } else {
                    rows.add(event.offset(), event.timestamp(), event.values());
                }
            }
            decoded.add(rows.build());
        });
        return decoded;
    }

    /** What {@link #flush} would apply to a topic-partition, for whoever applies it otherwise. */
    public LaneBatch pending(TopicPartition partition) {
        return batch(partition, lanes.get(partition));
    }

    /** What its lanes apply their batches with. */
    public LaneParts parts() {
        return views;
    }

    private LaneBatch batch(TopicPartition partition, Lane lane) {
        List<Rows> decoded = decoded(partition, lane.pending);
        return new LaneBatch(
                partition.topic(),
                partition.partition(),
                lane.next,
                lane.next + lane.records.size(),
                Records.of(lane.records),
                new Decoded(decoded, List.of()),
                views.parkedKeys(partition.topic(), partition.partition()));
    }

    /** Sets the wall clock, to a minute of {@link TimeFixture}'s day. */
    public SqlFixture clock(long minute) {
        time.clock(minute);
        return this;
    }

    /** All lanes say that they have applied all that there is; of streams, too, that somebody needs the time of only now. */
    public SqlFixture complete() {
        lanes.forEach((p, lane) -> time.times()
                .open(
                        pipeline.streamsOf(p.topic()).stream().map(Stream::name).toList(),
                        p.topic(),
                        p.partition(),
                        lane.owner));
        lanes.forEach((p, lane) -> time.times().complete(p.topic(), p.partition(), lane.owner, Duration.ZERO));
        return this;
    }

    /** Closes views as far as their streams have come. */
    public SqlFixture closeViews() {
        time.closeAll();
        return this;
    }

    /** Applies the events that needn't wait any longer for the right side of a join. */
    public Released release() {
        return new ReleaseFixture(database.transactions(), pipeline, this::decodeAgain, tables, time.times()).release();
    }

    private Decoded decodeAgain(String topic, int number, Records records) {
        TopicPartition partition = new TopicPartition(topic, number);
        Map<String, List<Event>> events = new LinkedHashMap<>();
        for (int i = 0; i < records.size(); i++) {
            long offset = records.offset(i);
            log.get(partition).stream()
                    .filter(logged -> logged.event().offset() == offset)
                    .forEach(logged -> events.computeIfAbsent(logged.stream(), s -> new ArrayList<>())
                            .add(logged.event()));
        }
        return new Decoded(decoded(partition, events), List.of());
    }

    public List<List<Object>> rows(String sql) {
        return database.rows(sql);
    }

    public Explanation explain(String view) {
        Map<String, Shape> ofView = new LinkedHashMap<>(shapes);
        ofView.keySet().retainAll(pipeline.views().get(view).streams());
        return tables.writers().explain(pipeline.views().get(view), ofView);
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    public ViewWriters writers() {
        return tables.writers();
    }
}
