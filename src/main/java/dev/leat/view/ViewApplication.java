package dev.leat.view;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Rejected;
import dev.leat.schema.Rows;
import dev.leat.schema.WireFormat;
import dev.leat.view.ParkedKeys.Scope;
import dev.leat.view.statement.Positions;
import dev.leat.view.statement.Tx;
import dev.leat.view.writer.ViewWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Applies one stream's rows to its views within a transaction: each view behind a savepoint of its own, so that what one
 * can't hold the others still get. Collects what became of the rest.
 */
final class ViewApplication {

    private final Tx tx;
    private final Rows rows;
    private final KeyGate gate;
    private final LongFunction<ConsumerRecord<byte[], byte[]>> records;
    private final Stream.OnPoison declared;
    private Stream.OnPoison policy; // of the view in hand
    private final List<Letter> letters = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final BitSet suspects = new BitSet();

    /**
     * @param gate keys that wait; gets those that are parked here
     * @param records the record at an offset
     * @param policy what becomes of a row that a view can't hold
     */
    ViewApplication(
            Tx tx,
            Rows rows,
            KeyGate gate,
            LongFunction<ConsumerRecord<byte[], byte[]>> records,
            Stream.OnPoison policy) {
        this.tx = tx;
        this.rows = rows;
        this.gate = gate;
        this.records = records;
        this.declared = policy;
        this.policy = policy;
    }

    /** A view and what applies rows to it. */
    record NamedWriter(View view, ViewWriter writer, Wariness wariness) {
        String name() {
            return view.name();
        }

        /** Whether it is a generation that isn't served yet. */
        boolean isBuilt() {
            return Generations.isGeneration(view.name());
        }
    }

    /**
     * An event that waits.
     *
     * @param view null: for all views of the stream
     */
    record Held(ConsumerRecord<byte[], byte[]> record, String stream, String view) {}

    /** What the views refused. */
    List<Letter> letters() {
        return letters;
    }

    /** What waits behind dead letters. */
    List<Held> held() {
        return held;
    }

    /** Applies every row to every view, but for those that wait. */
    void applyToAll(List<NamedWriter> views) {
        int[] wanted = Positions.all(rows);
        if (!gate.isOpen()) {
            wanted = open(wanted, null);
        }
        for (NamedWriter view : views) {
            apply(view, wanted);
        }
    }

    /** Applies these rows to this view, but for those that wait. */
    void apply(NamedWriter view, int[] wanted) {
        int[] todo = gate.isOpen() ? wanted : open(wanted, view.name());
        // A view that nobody reads yet stops no lane.
        policy = declared == Stream.OnPoison.STOP && view.isBuilt() ? Stream.OnPoison.SKIP : declared;
        if (todo.length == 0) {
            return;
        }
        boolean parks = policy == Stream.OnPoison.PARK;
        if (parks) {
            tx.send("SAVEPOINT view");
        }
        while (true) {
            List<Isolation.Refused> refused = isolate(view, todo);
            refused.forEach(r -> bury(view, r));
            int[] applied = without(todo, refused);
            if (refused.isEmpty() || Arrays.stream(applied).noneMatch(row -> waits(row, view.name()))) {
                break;
            }
            // Events of a key that has been parked only now were applied ahead of their turn.
            tx.execute("ROLLBACK TO SAVEPOINT view");
            todo = open(applied, view.name());
        }
        if (parks) {
            tx.send("RELEASE SAVEPOINT view");
        }
    }

    private List<Isolation.Refused> isolate(NamedWriter view, int[] todo) {
        try {
            return new Isolation(tx, view, rows).applyInTransaction(todo, suspects);
        } catch (RuntimeException e) {
            throw new ViewUnavailable(view.name(), e);
        }
    }

    private void bury(NamedWriter view, Isolation.Refused refused) {
        ConsumerRecord<byte[], byte[]> record = records.apply(rows.offset(refused.row()));
        Stream stream = rows.stream();
        if (policy == Stream.OnPoison.STOP) {
            throw new PoisonInFront(
                    stream.name(), record.topic(), record.partition(), record.offset(), view.name(), refused.message());
        }
        suspects.set(refused.row());
        boolean parks = policy == Stream.OnPoison.PARK && record.key() != null;
        if (parks) {
            gate.park(record.key(), new Scope(stream.name(), view.name()), record.offset());
        }
        letters.add(new Letter(
                record,
                stream.name(),
                view.name(),
                WireFormat.schemaIdIn(stream, record).orElse(null),
                Rejected.Reason.REFUSED_BY_VIEW,
                refused.message(),
                parks,
                stream.deadLetterTopic().orElse(null)));
    }

    /** Those that needn't wait; the others are noted. */
    private int[] open(int[] wanted, String view) {
        return Arrays.stream(wanted)
                .filter(row -> {
                    boolean waits = waits(row, view);
                    if (waits) {
                        held.add(new Held(
                                records.apply(rows.offset(row)), rows.stream().name(), view));
                    }
                    return !waits;
                })
                .toArray();
    }

    private boolean waits(int row, String view) {
        ConsumerRecord<byte[], byte[]> record = records.apply(rows.offset(row));
        return gate.holds(record.key(), record.offset(), rows.stream().name(), view);
    }

    private static int[] without(int[] selected, List<Isolation.Refused> refused) {
        BitSet out = new BitSet();
        refused.forEach(r -> out.set(r.row()));
        return Arrays.stream(selected).filter(row -> !out.get(row)).toArray();
    }
}
