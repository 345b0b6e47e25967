package dev.leat.view.redrive;

import dev.leat.catalog.LaneViews;
import dev.leat.catalog.PgLaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.topic.TopicDecoder;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.DeadLetters;
import dev.leat.view.deadletter.KeyGate;
import dev.leat.view.deadletter.ParkedEvent;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.ParkedKeys;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.lane.apply.LiveViews;
import dev.leat.view.redrive.RedriveAttempt.Done;
import dev.leat.view.redrive.RedriveAttempt.TablesLagging;
import dev.leat.view.table.ViewTables;
import dev.leat.view.time.StreamTimes;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Another attempt at dead letters of one lane and at what waits for them, in the order of their offsets, within one
 * transaction. Holds the lane's checkpoint, so that the lane waits meanwhile and sees all of it or nothing.
 */
final class RedriveTransaction {

    /** What one transaction takes while the lane waits: about a second's worth. */
    private static final int MOST_PARKED_EVENTS = 2_000;

    private final Tx tx;
    private final RedriveTask task;
    private final Pipeline pipeline;
    private final Supplier<TopicDecoder> decoder;
    private final ViewTables tables;
    private final LaneWriters writers;
    private final SeenEvents seen;
    private final StreamTimes times;
    private final BiConsumer<SqlConnection, Rows> lake;

    private final KeyGate gate = new KeyGate(ParkedKeys.none());

    /**
     * @param decoder made once the lane is locked, with the columns that the views have then
     * @param lake takes, in this transaction, rows that it never got
     */
    RedriveTransaction(
            Tx tx,
            RedriveTask task,
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

    /** All of it but the commit. After {@link TablesLagging} it must be rolled back. */
    RedriveAttempt run(LocalDate today) {
        PgCheckpoints.lockInTransaction(tx, task.topic(), task.partition());
        ReachedViews reached = activateViews();
        List<byte[]> keys = keys();
        int evicted = DeadLetters.evictInTransaction(tx, task.topic(), task.partition(), task.evict());
        List<DeadLetter> letters = chosenLetters(reached, keys);
        List<ParkedEvent> parked =
                ParkedEvents.ofKeysInTransaction(tx, task.topic(), task.partition(), keys, MOST_PARKED_EVENTS).stream()
                        .filter(reached::isStillDeclared)
                        .toList();

        TreeMap<Long, ConsumerRecord<byte[], byte[]>> records = records(letters, parked);
        Decoded decoded = decode(records);
        // Tables get columns in transactions of their own, which wait for every lane that works on them. This one must
        // hold
        // nothing that such a lane waits for, nor have touched a table itself.
        List<Rows> lagging = lacking(decoded);
        if (!lagging.isEmpty()) {
            return new TablesLagging(lagging);
        }

        Map<Long, Rejected> rejected = parkRejected(decoded, letters);
        SideOutput side = new SideOutput(gate, records::get);
        times.shareViewsInTransaction(
                tx, decoded.rows().stream().map(rows -> rows.stream().name()).toList());
        Redriving redriving = new Redriving(tx, reached, letters, parked, side, seen, lake);
        redriving.apply(decoded.rows(), today);
        RedriveOutcome outcome =
                new Settlement(letters, parked, rejected, side, redriving.duplicates(), evicted).saveInTransaction(tx);
        return new Done(outcome, parked.size() == MOST_PARKED_EVENTS ? keys : List.of());
    }

    private ReachedViews activateViews() {
        LaneViews views = PgLaneViews.ofLane(tx, pipeline, task.topic(), task.partition());
        tables.require(views);
        LiveViews live = writers.live(views, task.topic());
        live.activate();
        return new ReachedViews(pipeline, writers, views, live);
    }

    /** Those whose parked events go on. */
    private List<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>(task.keys());
        keys.addAll(DeadLetters.keysInTransaction(tx, task.redrive()));
        keys.addAll(DeadLetters.keysInTransaction(tx, task.evict()));
        return keys;
    }

    /** The letters to try; the others of these keys keep their keys parked. */
    private List<DeadLetter> chosenLetters(ReachedViews reached, List<byte[]> keys) {
        Set<Long> chosen = new HashSet<>(task.redrive());
        List<DeadLetter> letters = new ArrayList<>();
        for (DeadLetter letter : DeadLetters.openInTransaction(tx, task.topic(), task.partition(), chosen, keys)) {
            if (chosen.contains(letter.id) && reached.isStillDeclared(letter)) {
                letters.add(letter);
            } else if (letter.parks) {
                gate.park(letter.key, letter.scope(), letter.offset);
            }
        }
        return letters;
    }

    private static TreeMap<Long, ConsumerRecord<byte[], byte[]>> records(
            List<DeadLetter> letters, List<ParkedEvent> parked) {
        TreeMap<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
        letters.forEach(letter -> records.put(letter.offset, letter.record()));
        parked.forEach(event -> records.put(event.offset, event.record()));
        return records;
    }

    /** With columns that this process may not know. The lane adds none while its checkpoint is held. */
    private Decoded decode(TreeMap<Long, ConsumerRecord<byte[], byte[]>> records) {
        return records.isEmpty()
                ? new Decoded(List.of(), List.of())
                : decoder.get().decode(task.partition(), Records.of(List.copyOf(records.values())));
    }

    private List<Rows> lacking(Decoded decoded) {
        return decoded.rows().stream()
                .filter(rows -> !rows.isEmpty() && !tables.areEnsured(rows.stream(), rows.shape()))
                .toList();
    }

    /** @return what still became no row, by offset */
    private Map<Long, Rejected> parkRejected(Decoded decoded, List<DeadLetter> letters) {
        Map<Long, Rejected> rejected = new HashMap<>();
        decoded.rejected().forEach(r -> rejected.put(r.offset(), r));
        for (DeadLetter letter : letters) {
            if (letter.parks && rejected.containsKey(letter.offset)) {
                gate.park(letter.key, letter.scope(), letter.offset);
            }
        }
        return rejected;
    }
}
