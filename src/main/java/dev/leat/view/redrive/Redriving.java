package dev.leat.view.redrive;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.ParkedEvent;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.deadletter.StoredEvent;
import dev.leat.view.deduplication.SeenEvents;
import dev.leat.view.lane.apply.IsolatingApplier;
import dev.leat.view.lane.apply.NamedWriter;
import dev.leat.view.lane.apply.ViewApplier;
import dev.leat.view.writer.OrderedEvents;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Applies redriven letters and parked events to the views that lack them. One record at a time, by offset. */
final class Redriving {

    private final Tx tx;
    private final ReachedViews reached;
    private final List<DeadLetter> letters;
    private final List<StoredEvent> events;
    private final SideOutput side;
    private final SeenEvents seen;
    private final BiConsumer<SqlConnection, Rows> lake;

    private final Set<Long> duplicates = new HashSet<>();

    Redriving(
            Tx tx,
            ReachedViews reached,
            List<DeadLetter> letters,
            List<ParkedEvent> parked,
            SideOutput side,
            SeenEvents seen,
            BiConsumer<SqlConnection, Rows> lake) {
        this.tx = tx;
        this.reached = reached;
        this.letters = letters;
        this.events = new ArrayList<>(letters);
        this.events.addAll(parked);
        this.side = side;
        this.seen = seen;
        this.lake = lake;
    }

    /** How many letters turned out to be duplicates. */
    int duplicates() {
        return duplicates.size();
    }

    void apply(List<Rows> decoded, LocalDate today) {
        for (Rows rows : decoded) {
            if (!rows.isEmpty()) {
                Rows fresh = deduplicate(rows, today);
                applyToViewsOfOneStream(rows);
                feedLake(fresh);
            }
        }
        for (NamedWriter view : reached.merged(Long.MIN_VALUE)) {
            OrderedEvents ordered = view.events(decoded);
            if (!ordered.isEmpty()) {
                applyToViewOfManyStreams(view, ordered);
            }
        }
    }

    /** @return the rows that neither a view, nor the lake, nor the memory of event ids has seen before */
    private Rows deduplicate(Rows rows, LocalDate today) {
        Set<Long> unseen = new HashSet<>();
        letters.stream().filter(letter -> letter.view == null).forEach(letter -> unseen.add(letter.offset));
        Rows tried = rows.select(rowsAt(rows, unseen).toArray());
        Rows fresh = seen.withoutDuplicatesInTransaction(tx, tried, today);
        Set<Long> counted = new HashSet<>();
        for (int row = 0; row < fresh.size(); row++) {
            counted.add(fresh.offset(row));
        }
        // Of this stream's rows only: what became another's, or none, is no duplicate.
        for (int row = 0; row < tried.size(); row++) {
            if (!counted.contains(tried.offset(row))) {
                duplicates.add(tried.offset(row));
            }
        }
        return fresh;
    }

    private void applyToViewsOfOneStream(Rows rows) {
        Stream stream = rows.stream();
        ViewApplier applier = IsolatingApplier.besideLane(tx, OrderedEvents.of(rows), side);
        for (NamedWriter view : reached.ofStream(stream, Long.MIN_VALUE)) {
            Set<Long> wanted = new HashSet<>();
            events.stream()
                    .filter(event -> event.isFor(stream.name(), view.name()))
                    .forEach(event -> wanted.add(event.offset));
            wanted.removeAll(duplicates);
            wanted.removeIf(offset -> !reached.ofStream(stream, offset).contains(view));
            // One at a time: they don't come in the order in which the partition gave them.
            rowsAt(rows, wanted).forEach(row -> applier.apply(view, new int[] {row}));
        }
    }

    private void feedLake(Rows fresh) {
        if (!fresh.isEmpty() && fresh.stream().lake().isPresent()) {
            lake.accept(tx.connection(), fresh);
        }
    }

    /** One record at a time, whichever of the view's streams it is of. */
    private void applyToViewOfManyStreams(NamedWriter view, OrderedEvents ordered) {
        TreeMap<Long, List<Integer>> wanted = new TreeMap<>();
        for (int event : ordered.all()) {
            if (isWanted(view, ordered.stream(event), ordered.offset(event))) {
                wanted.computeIfAbsent(ordered.offset(event), o -> new ArrayList<>())
                        .add(event);
            }
        }
        ViewApplier applier = IsolatingApplier.besideLane(tx, ordered, side);
        wanted.values()
                .forEach(record -> applier.apply(
                        view, record.stream().mapToInt(event -> event).toArray()));
    }

    private boolean isWanted(NamedWriter view, Stream stream, long offset) {
        return !duplicates.contains(offset)
                && reached.merged(offset).contains(view)
                && events.stream().anyMatch(e -> e.offset == offset && e.isFor(stream.name(), view.name()));
    }

    private static IntStream rowsAt(Rows rows, Set<Long> offsets) {
        return IntStream.range(0, rows.size()).filter(row -> offsets.contains(rows.offset(row)));
    }
}
