package dev.leat.view.release;

import dev.leat.catalog.LaneViews;
import dev.leat.catalog.PgLaneViews;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Decoded;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.types.Rows;
import dev.leat.schema.wire.Records;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.KeyGate;
import dev.leat.view.deadletter.ParkedEvents;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.deadletter.WaitingEvent;
import dev.leat.view.deadletter.WaitingEvents;
import dev.leat.view.lane.PgCheckpoints;
import dev.leat.view.lane.apply.IsolatingApplier;
import dev.leat.view.lane.apply.LaneWriters;
import dev.leat.view.lane.apply.LiveViews;
import dev.leat.view.lane.apply.NamedWriter;
import dev.leat.view.lane.apply.ViewApplier;
import dev.leat.view.table.ViewTables;
import dev.leat.view.writer.OrderedEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Applies the first events of a partition that needn't wait any longer, within one transaction that holds their lane. */
final class ReleaseTransaction {

    /** What one transaction takes while the lane waits. */
    static final int MOST_EVENTS = 1_000;

    private static final long MOST_BYTES = 8L << 20;

    private final Tx tx;
    private final Stream stream;
    private final WaitingEvents.Due due;
    private final int partition;
    private final EventDecoder decoder;
    private final ViewTables tables;

    ReleaseTransaction(
            Tx tx, Stream stream, WaitingEvents.Due due, int partition, EventDecoder decoder, ViewTables tables) {
        this.tx = tx;
        this.stream = stream;
        this.due = due;
        this.partition = partition;
        this.decoder = decoder;
        this.tables = tables;
    }

    /**
     * All of it but the commit.
     *
     * @throws TablesLagging nothing of it may be committed: tables need columns first
     */
    Released run(Pipeline pipeline, LaneWriters writers) {
        PgCheckpoints.holdInTransaction(tx, due.topic(), partition);
        Optional<NamedWriter> view = live(pipeline, writers);
        if (view.isEmpty()) {
            // Paused, or being built: the events wait on.
            return Released.NOTHING;
        }
        List<WaitingEvent> events = WaitingEvents.firstInTransaction(tx, due, partition, MOST_EVENTS, MOST_BYTES);
        if (events.isEmpty()) {
            return Released.NOTHING;
        }
        Map<Long, WaitingEvent> byOffset = events.stream()
                .collect(Collectors.toMap(event -> event.offset, Function.identity(), (a, b) -> a, TreeMap::new));
        SideOutput side = new SideOutput(
                new KeyGate(ParkedEvents.keysInTransaction(tx, due.topic(), partition, 0)
                        .of(due.view())),
                offset -> byOffset.get(offset).record());
        apply(view.get(), decode(events), byOffset, side);
        side.saveInTransaction(tx);
        WaitingEvents.deleteInTransaction(tx, events);
        if (!side.parkedEvents().isEmpty() || side.deadLetters().stream().anyMatch(letter -> letter.parks)) {
            PgCheckpoints.lockInTransaction(tx, due.topic(), partition);
        }
        int expired = (int) events.stream().filter(event -> !event.isKnown).count();
        return new Released(events.size(), expired);
    }

    /** The view, if this lane applies its batches to it. */
    private Optional<NamedWriter> live(Pipeline pipeline, LaneWriters writers) {
        LaneViews views = PgLaneViews.ofLane(tx, pipeline, due.topic(), partition);
        tables.require(views);
        LiveViews live = writers.live(views, due.topic());
        live.activate();
        return live.ofStream(stream).stream()
                .filter(view -> view.name().equals(due.view()))
                .findFirst();
    }

    private Decoded decode(List<WaitingEvent> events) {
        Decoded decoded = decoder.decode(
                due.topic(),
                partition,
                Records.of(events.stream().map(WaitingEvent::record).toList()));
        List<Rows> lagging = decoded.rows().stream()
                .filter(rows -> !rows.isEmpty() && !tables.areEnsured(rows.stream(), rows.shape()))
                .toList();
        if (!lagging.isEmpty()) {
            throw new TablesLagging(lagging);
        }
        return decoded;
    }

    private void apply(NamedWriter view, Decoded decoded, Map<Long, WaitingEvent> events, SideOutput side) {
        for (Rejected rejected : decoded.rejected()) {
            // It was a row once: the registry has lost its schema, or the stream was declared otherwise since.
            side.add(DeadLetter.refused(
                    side.records().record(rejected.offset()),
                    stream,
                    view.name(),
                    Stream.OnPoison.SKIP,
                    rejected.message()));
        }
        for (Rows rows : decoded.rows()) {
            if (!rows.isEmpty() && rows.stream().equals(stream)) {
                ViewApplier applier = IsolatingApplier.afterWaiting(tx, OrderedEvents.of(rows), side);
                runs(rows, events).forEach(run -> applier.apply(view, run));
            }
        }
    }

    /** What came out of its partition's order is applied by itself. */
    private static List<int[]> runs(Rows rows, Map<Long, WaitingEvent> events) {
        List<int[]> runs = new ArrayList<>();
        int from = 0;
        for (int row = 0; row < rows.size(); row++) {
            boolean isAlone = events.get(rows.offset(row)).alone;
            if (isAlone && row > from) {
                runs.add(range(from, row));
            }
            if (isAlone) {
                runs.add(new int[] {row});
                from = row + 1;
            }
        }
        if (from < rows.size()) {
            runs.add(range(from, rows.size()));
        }
        return runs;
    }

    private static int[] range(int from, int to) {
        int[] range = new int[to - from];
        Arrays.setAll(range, i -> from + i);
        return range;
    }
}
