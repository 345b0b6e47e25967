package dev.leat.view.lane;

import dev.leat.pipeline.Pipeline;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.KeyGate;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.apply.BatchOutcome.Applied;
import dev.leat.view.lane.apply.BatchRolledBack;
import dev.leat.view.lane.apply.LiveViews;
import dev.leat.view.lane.apply.NamedWriter;
import dev.leat.view.lane.apply.ParkingFilter;
import dev.leat.view.lane.apply.ViewApplier;
import dev.leat.view.time.LateEvents;
import dev.leat.view.time.StreamTimes;
import dev.leat.view.writer.OrderedEvents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One batch within one transaction: checkpoint, deduplicate, apply to views. The order of the steps is the order in which
 * locks are taken, and must stay: checkpoint, views that close, duplicates' streams, rows of views.
 */
final class BatchTransaction {

    private final Tx tx;
    private final LaneBatch batch;
    private final LiveViews views;
    private final ViewApplier.Kind kind;
    private final SeenEvents seen;
    private final StreamTimes times;
    private final RejectedRecords rejected;

    private final SideOutput side;
    private final Map<String, Integer> duplicates = new HashMap<>();

    BatchTransaction(
            Tx tx,
            LaneBatch batch,
            LiveViews views,
            ViewApplier.Kind kind,
            SeenEvents seen,
            StreamTimes times,
            Pipeline pipeline) {
        this.tx = tx;
        this.batch = batch;
        this.views = views;
        this.kind = kind;
        this.seen = seen;
        this.times = times;
        this.rejected = new RejectedRecords(pipeline, batch.topic());
        this.side = new SideOutput(new KeyGate(batch.parked()), batch);
    }

    /**
     * All of it but the commit.
     *
     * @param today the day whose partition of seen events exists
     * @return to be asked after the commit, because Postgres counts late events meanwhile
     * @throws BatchRolledBack nothing of the batch may be committed
     */
    Supplier<Applied> run(LocalDate today) {
        PgCheckpoints.advanceInTransaction(tx, batch);
        views.activate();
        times.shareViewsInTransaction(tx, streams());
        batch.decoded().rejected().forEach(record -> rejected.deadLetter(record, side));
        List<Rows> fresh = deduplicate(today);
        // Before the views, the last of which may have rows that other lanes wait for.
        times.saveInTransaction(tx, batch.topic(), batch.partition(), fresh);
        applyToViewsOfOneStream(fresh);
        applyToViewsOfManyStreams(fresh);
        side.saveInTransaction(tx);
        Supplier<Map<String, Long>> late = countLate();
        return () -> new Applied(
                fresh,
                side.deadLetters(),
                duplicates,
                late.get(),
                side.parkedEvents().size(),
                side.parkedKeys());
    }

    private Set<String> streams() {
        return batch.decoded().rows().stream()
                .filter(rows -> !rows.isEmpty())
                .map(rows -> rows.stream().name())
                .collect(Collectors.toSet());
    }

    private List<Rows> deduplicate(LocalDate today) {
        List<Rows> fresh = new ArrayList<>();
        for (Rows rows : batch.decoded().rows()) {
            Rows counted = seen.withoutDuplicatesInTransaction(tx, rows, today);
            if (counted.size() < rows.size()) {
                duplicates.merge(rows.stream().name(), rows.size() - counted.size(), Integer::sum);
            }
            fresh.add(counted);
        }
        return fresh;
    }

    private void applyToViewsOfOneStream(List<Rows> fresh) {
        for (Rows rows : fresh) {
            if (!rows.isEmpty()) {
                OrderedEvents events = OrderedEvents.of(rows);
                ViewApplier applier = kind.of(tx, events, side);
                int[] due = new ParkingFilter(events, side).parkForStream(events.all());
                views.ofStream(rows.stream()).forEach(view -> applier.apply(view, due));
            }
        }
    }

    private void applyToViewsOfManyStreams(List<Rows> fresh) {
        for (NamedWriter view : views.merged()) {
            OrderedEvents events = view.events(fresh);
            if (!events.isEmpty()) {
                int[] due = new ParkingFilter(events, side).withoutParked(events.all());
                kind.of(tx, events, side).apply(view, due);
            }
        }
    }

    private Supplier<Map<String, Long>> countLate() {
        return times.needs(streams())
                ? LateEvents.countInTransaction(tx, batch.topic(), batch.partition(), batch.expected(), batch.next())
                : Map::of;
    }
}
