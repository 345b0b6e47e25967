package dev.leat.view.lane;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.topic.Rejected;
import dev.leat.schema.wire.WireFormat;
import dev.leat.view.deadletter.KeyGate;
import dev.leat.view.deadletter.NewDeadLetter;
import dev.leat.view.deadletter.NewParkedEvent;
import dev.leat.view.deadletter.ParkedKeys.Scope;
import dev.leat.view.writer.OrderedEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Applies events to views within a transaction: each view behind a savepoint of its own, so that what one can't hold the
 * others still get. Collects what became of the rest.
 */
public final class ViewApplication {

    private final Tx tx;
    private final OrderedEvents events;
    private final KeyGate gate;
    private final EventRecords records;
    private final Function<Stream, Stream.OnPoison> policy;
    private final boolean trusts;
    private final List<NewDeadLetter> letters = new ArrayList<>();
    private final List<NewParkedEvent> held = new ArrayList<>();
    private final BitSet suspects = new BitSet();

    /**
     * @param gate keys that wait; gets those that are parked here
     * @param policy what becomes of a stream's event that a view can't hold
     */
    public ViewApplication(
            Tx tx, OrderedEvents events, KeyGate gate, EventRecords records, Function<Stream, Stream.OnPoison> policy) {
        this(tx, events, gate, records, policy, false);
    }

    /** @param trusts that the views can hold all events: if not, the transaction fails */
    ViewApplication(
            Tx tx,
            OrderedEvents events,
            KeyGate gate,
            EventRecords records,
            Function<Stream, Stream.OnPoison> policy,
            boolean trusts) {
        this.trusts = trusts;
        this.tx = tx;
        this.events = events;
        this.gate = gate;
        this.records = records;
        this.policy = policy;
    }

    /** What the views refused. */
    public List<NewDeadLetter> letters() {
        return letters;
    }

    /** What waits behind dead letters. */
    public List<NewParkedEvent> held() {
        return held;
    }

    /** Applies every event to every view of its stream, but for those that wait. All are of one stream. */
    void applyToAll(List<NamedWriter> views) {
        int[] wanted = events.all();
        if (!gate.isOpen()) {
            wanted = open(wanted, null);
        }
        for (NamedWriter view : views) {
            apply(view, wanted);
        }
    }

    /**
     * Applies every event to a view that takes those of several streams in their common order, but for those that wait.
     * Which wait for every view of their stream was noted when the stream's own views were applied.
     */
    void applyMerged(NamedWriter view) {
        int[] wanted = events.all();
        if (!gate.isOpen()) {
            wanted = IntStream.of(wanted).filter(event -> !waits(event, null)).toArray();
        }
        apply(view, wanted);
    }

    /** Applies these events to this view, but for those that wait. */
    public void apply(NamedWriter view, int[] wanted) {
        int[] todo = gate.isOpen() ? wanted : open(wanted, view);
        if (todo.length == 0) {
            return;
        }
        if (trusts) {
            view.writer().applyInTransaction(tx, events, todo);
            return;
        }
        boolean parks =
                IntStream.of(todo).anyMatch(event -> policy(view, events.stream(event)) == Stream.OnPoison.PARK);
        if (parks) {
            tx.send("SAVEPOINT view");
        }
        while (true) {
            List<Isolation.Refused> refused = isolate(view, todo);
            refused.forEach(r -> bury(view, r));
            int[] applied = without(todo, refused);
            if (refused.isEmpty() || Arrays.stream(applied).noneMatch(event -> waits(event, view))) {
                break;
            }
            // Events of a key that has been parked only now were applied ahead of their turn.
            tx.execute("ROLLBACK TO SAVEPOINT view");
            todo = open(applied, view);
        }
        if (parks) {
            tx.send("RELEASE SAVEPOINT view");
        }
    }

    private List<Isolation.Refused> isolate(NamedWriter view, int[] todo) {
        try {
            return new Isolation(tx, view, events).applyInTransaction(todo, suspects);
        } catch (RuntimeException e) {
            throw new ViewUnavailable(view.name(), e);
        }
    }

    /** A view that nobody reads yet stops no lane. */
    private Stream.OnPoison policy(NamedWriter view, Stream stream) {
        Stream.OnPoison declared = policy.apply(stream);
        return declared == Stream.OnPoison.STOP && view.isBuilt() ? Stream.OnPoison.SKIP : declared;
    }

    private void bury(NamedWriter view, Isolation.Refused refused) {
        ConsumerRecord<byte[], byte[]> record = records.record(events.offset(refused.event()));
        Stream stream = events.stream(refused.event());
        if (policy(view, stream) == Stream.OnPoison.STOP) {
            throw new PoisonInFront(
                    stream.name(), record.topic(), record.partition(), record.offset(), view.name(), refused.message());
        }
        suspects.set(refused.event());
        boolean parks = policy(view, stream) == Stream.OnPoison.PARK && record.key() != null;
        if (parks) {
            gate.park(record.key(), new Scope(stream.name(), view.name()), record.offset());
        }
        letters.add(new NewDeadLetter(
                record,
                stream.name(),
                view.name(),
                WireFormat.schemaIdIn(stream, record).orElse(null),
                Rejected.Reason.REFUSED_BY_VIEW,
                refused.message(),
                parks,
                stream.deadLetters().topic().orElse(null)));
    }

    /**
     * Those that needn't wait; the others are noted.
     *
     * @param view null: those that wait whatever the view
     */
    private int[] open(int[] wanted, NamedWriter view) {
        return Arrays.stream(wanted)
                .filter(event -> {
                    boolean waits = waits(event, view);
                    if (waits) {
                        held.add(new NewParkedEvent(
                                records.record(events.offset(event)),
                                events.stream(event).name(),
                                view == null ? null : view.name()));
                    }
                    return !waits;
                })
                .toArray();
    }

    private boolean waits(int event, NamedWriter view) {
        long offset = events.offset(event);
        byte[] key = records.key(offset);
        if (view == null) {
            return gate.holds(key, offset, events.stream(event).name(), null);
        }
        // Behind an event of any stream that the view would have needed first.
        return view.view().streams().stream().anyMatch(stream -> gate.holds(key, offset, stream, view.name()));
    }

    private static int[] without(int[] selected, List<Isolation.Refused> refused) {
        BitSet out = new BitSet();
        refused.forEach(r -> out.set(r.event()));
        return Arrays.stream(selected).filter(event -> !out.get(event)).toArray();
    }
}
