package dev.leat.view.redrive;

import dev.leat.catalog.LaneViews;
import dev.leat.catalog.PgLaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.KeyGate;
import dev.leat.view.deadletter.NewDeadLetter;
import dev.leat.view.deadletter.NewParkedEvent;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.Checkpoints;
import dev.leat.view.lane.LaneWriters;
import dev.leat.view.lane.LiveViews;
import dev.leat.view.lane.NamedWriter;
import dev.leat.view.lane.ViewApplication;
import dev.leat.view.redrive.StoredEvents.Stored;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.writer.OrderedEvents;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Another try at dead letters of one lane, and at what waits behind them, in the order of their offsets, within one
 * transaction. Holds the lane's checkpoint, so that the lane itself stands still meanwhile and sees all of it or nothing.
 */
final class RedriveTransaction {

    private static final String EVICT = """
            UPDATE leat.dead_letter SET resolution = 'evicted', resolved_at = now()
            WHERE id = ANY($1::bigint[]) AND topic = $2 AND partition = $3 AND resolution IS NULL""";

    /** What one transaction takes, while the lane stands still: about a second's worth. */
    private static final int MOST_PARKED_EVENTS = 2_000;

    private final Tx tx;
    private final Task task;
    private final Pipeline pipeline;
    private final Supplier<TopicDecoder> decoder;
    private final ViewTables tables;
    private final LaneWriters writers;
    private final SeenEvents seen;
    private final StreamTimes times;
    private final BiConsumer<SqlConnection, Rows> lake;

    // Read once the lane stands still.
    private ReachedViews reached;

    private final KeyGate gate = new KeyGate(ParkedKeys.none());
    private final List<NewDeadLetter> refused = new ArrayList<>();
    private final List<NewParkedEvent> held = new ArrayList<>();
    private final Set<Long> repeats = new HashSet<>();

    /**
     * What to do in one lane.
     *
     * @param redrive ids of letters to try again
     * @param evict ids of letters to give up
     * @param keys further keys of which parked events may go on
     */
    record Task(String topic, int partition, Collection<Long> redrive, Collection<Long> evict, List<byte[]> keys) {}

    /** @param rest keys of which there are more parked events than one transaction takes */
    record Result(RedriveOutcome outcome, List<byte[]> rest) {}

    /**
     * @param decoder made once the lane stands still, with the columns that the views have then
     * @param lake takes, in this transaction, rows that it never got
     */
    RedriveTransaction(
            Tx tx,
            Task task,
            Pipeline pipeline,
            Supplier<TopicDecoder> decoder,
            ViewTables tables,
            LaneWriters writers,
            SeenEvents seen,
            StreamTimes times,
            BiConsumer<SqlConnection, Rows> lake) {
        this.tx = tx;
        this.task = task;
        this.pipeline = pipeline;
        this.decoder = decoder;
        this.tables = tables;
        this.writers = writers;
        this.seen = seen;
        this.times = times;
        this.lake = lake;
    }

    Result run(LocalDate today) {
        Checkpoints.lockInTransaction(tx, task.topic(), task.partition());
        LaneViews views = PgLaneViews.ofLane(tx, pipeline, task.topic(), task.partition());
        tables.require(views);
        LiveViews live = writers.live(views, task.topic());
        live.serve();
        reached = new ReachedViews(pipeline, writers, views, live);
        List<byte[]> keys = new ArrayList<>(task.keys());
        keys.addAll(StoredEvents.keysOf(tx, task.redrive()));
        keys.addAll(StoredEvents.keysOf(tx, task.evict()));
        int evicted = tx.execute(
                        EVICT,
                        Tuple.tuple()
                                .addValue(task.evict().toArray(Long[]::new))
                                .addValue(task.topic())
                                .addValue(task.partition()))
                .rowCount();
        Set<Long> chosen = new HashSet<>(task.redrive());
        List<Stored> letters = new ArrayList<>();
        for (Stored letter : StoredEvents.letters(tx, task.topic(), task.partition(), chosen, keys)) {
            if (chosen.contains(letter.id()) && reached.isStillDeclared(letter)) {
                letters.add(letter);
            } else if (letter.parks()) {
                gate.park(letter.record().key(), letter.scope(), letter.offset());
            }
        }
        List<Stored> parked = StoredEvents.parked(tx, task.topic(), task.partition(), keys, MOST_PARKED_EVENTS).stream()
                .filter(reached::isStillDeclared)
                .toList();
        Map<Long, Rejected> rejected = apply(letters, parked, today);
        RedriveOutcome outcome =
                new Settlement(letters, parked, rejected, refused, held, repeats.size(), evicted).saveInTransaction(tx);
        return new Result(outcome, parked.size() == MOST_PARKED_EVENTS ? keys : List.of());
    }

    /** @return what still became no row, by offset */
    private Map<Long, Rejected> apply(List<Stored> letters, List<Stored> parked, LocalDate today) {
        TreeMap<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
        letters.forEach(letter -> records.put(letter.offset(), letter.record()));
        parked.forEach(event -> records.put(event.offset(), event.record()));
        if (records.isEmpty()) {
            return Map.of();
        }
        // The lane may have met columns that this process hasn't; it can add none while its checkpoint is held.
        Decoded decoded = decoder.get().decode(task.partition(), Records.of(List.copyOf(records.values())));
        requireTables(decoded);
        Map<Long, Rejected> rejected = new HashMap<>();
        decoded.rejected().forEach(r -> rejected.put(r.offset(), r));
        for (Stored letter : letters) {
            if (letter.parks() && rejected.containsKey(letter.offset())) {
                gate.park(letter.record().key(), letter.scope(), letter.offset());
            }
        }
        times.shareViewsInTransaction(
                tx, decoded.rows().stream().map(rows -> rows.stream().name()).toList());
        for (Rows rows : decoded.rows()) {
            if (!rows.isEmpty()) {
                apply(rows, letters, parked, records, today);
            }
        }
        for (NamedWriter view : reached.merged(Long.MIN_VALUE)) {
            OrderedEvents events = LaneWriters.events(view, decoded.rows());
            if (!events.isEmpty()) {
                applyMerged(view, events, letters, parked, records);
            }
        }
        return rejected;
    }

    /**
     * Tables get columns in transactions of their own, which wait for every lane that is at work on them: this one mustn't
     * hold anything meanwhile that such a lane waits for, nor have touched a table itself.
     */
    private void requireTables(Decoded decoded) {
        List<Rows> behind = decoded.rows().stream()
                .filter(rows -> !rows.isEmpty() && !tables.areEnsured(rows.stream(), rows.shape()))
                .toList();
        if (!behind.isEmpty()) {
            throw new TablesBehind(behind);
        }
    }

    /** The tables of these rows' streams have to be made, or to get columns, before the same is tried again. */
    static final class TablesBehind extends RuntimeException {

        private final transient List<Rows> rows;

        TablesBehind(List<Rows> rows) {
            super("tables lack columns", null, false, false);
            this.rows = rows;
        }

        List<Rows> rows() {
            return rows;
        }
    }

    /** One record at a time, whichever of the view's streams it is of. */
    private void applyMerged(
            NamedWriter view,
            OrderedEvents events,
            List<Stored> letters,
            List<Stored> parked,
            Map<Long, ConsumerRecord<byte[], byte[]>> records) {
        TreeMap<Long, List<Integer>> wanted = new TreeMap<>();
        for (int event : events.all()) {
            if (isWanted(view, events.stream(event), events.offset(event), letters, parked)) {
                wanted.computeIfAbsent(events.offset(event), o -> new ArrayList<>())
                        .add(event);
            }
        }
        ViewApplication application = new ViewApplication(tx, events, gate, records::get, RedriveTransaction::policy);
        wanted.values()
                .forEach(record -> application.apply(
                        view, record.stream().mapToInt(event -> event).toArray()));
        refused.addAll(application.letters());
        held.addAll(application.held());
    }

    private boolean isWanted(NamedWriter view, Stream stream, long offset, List<Stored> letters, List<Stored> parked) {
        return !repeats.contains(offset)
                && reached.merged(offset).contains(view)
                && java.util.stream.Stream.concat(letters.stream(), parked.stream())
                        .anyMatch(s -> s.offset() == offset && s.isFor(stream.name(), view.name()));
    }

    /** The lane isn't stopped by what happens here. */
    private static Stream.OnPoison policy(Stream stream) {
        return stream.deadLetters().onPoison() == Stream.OnPoison.STOP
                ? Stream.OnPoison.SKIP
                : stream.deadLetters().onPoison();
    }

    private void apply(
            Rows rows,
            List<Stored> letters,
            List<Stored> parked,
            Map<Long, ConsumerRecord<byte[], byte[]>> records,
            LocalDate today) {
        Stream stream = rows.stream();
        // No view saw these, so neither did the lake, nor the memory of event ids.
        Set<Long> unseen = new HashSet<>();
        letters.stream().filter(letter -> letter.view() == null).forEach(letter -> unseen.add(letter.offset()));
        Rows tried = rows.select(rowsAt(rows, unseen).toArray());
        Rows fresh = seen.withoutRepeatsInTransaction(tx, tried, today);
        Set<Long> counted = new HashSet<>();
        for (int row = 0; row < fresh.size(); row++) {
            counted.add(fresh.offset(row));
        }
        // Of this stream's rows only: what became another's, or none, is no repeat.
        for (int row = 0; row < tried.size(); row++) {
            if (!counted.contains(tried.offset(row))) {
                repeats.add(tried.offset(row));
            }
        }

        ViewApplication application =
                new ViewApplication(tx, OrderedEvents.of(rows), gate, records::get, RedriveTransaction::policy);
        for (NamedWriter view : reached.ofStream(stream, Long.MIN_VALUE)) {
            Set<Long> wanted = new HashSet<>();
            letters.stream().filter(l -> l.isFor(stream.name(), view.name())).forEach(l -> wanted.add(l.offset()));
            parked.stream().filter(p -> p.isFor(stream.name(), view.name())).forEach(p -> wanted.add(p.offset()));
            wanted.removeAll(repeats);
            wanted.removeIf(offset -> !reached.ofStream(stream, offset).contains(view));
            // One at a time: they don't come in the turn in which the partition gave them.
            rowsAt(rows, wanted).forEach(row -> application.apply(view, new int[] {row}));
        }
        refused.addAll(application.letters());
        held.addAll(application.held());
        if (!fresh.isEmpty() && stream.lake().isPresent()) {
            lake.accept(tx.connection(), fresh);
        }
    }

    private static IntStream rowsAt(Rows rows, Set<Long> offsets) {
        return IntStream.range(0, rows.size()).filter(row -> offsets.contains(rows.offset(row)));
    }
}
