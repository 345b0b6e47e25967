package dev.leat.view.lane.apply;

import dev.leat.failure.Unavailable;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.view.deadletter.DeadLetter;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.lane.apply.BatchOutcome.StoppedByPoison;
import dev.leat.view.writer.OrderedEvents;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Applies each view after a savepoint of its own. What one view refuses becomes a dead letter of that view; the other
 * views still get it.
 */
public final class IsolatingApplier implements ViewApplier {

    private final Tx tx;
    private final OrderedEvents events;
    private final SideOutput side;
    private final ParkingFilter parking;
    private final Function<Stream, Stream.OnPoison> policy;
    private final BiFunction<NamedWriter, int[], int[]> waiting;

    // Events that a view has refused: the next views try them alone first.
    private final BitSet suspects = new BitSet();

    private IsolatingApplier(
            Tx tx,
            OrderedEvents events,
            SideOutput side,
            Function<Stream, Stream.OnPoison> policy,
            BiFunction<NamedWriter, int[], int[]> waiting) {
        this.waiting = waiting;
        this.tx = tx;
        this.events = events;
        this.side = side;
        this.parking = new ParkingFilter(events, side);
        this.policy = policy;
    }

    /** Rolls the batch back at an event whose stream says {@code on-poison: stop}. */
    public static IsolatingApplier ofLane(Tx tx, OrderedEvents events, SideOutput side) {
        return new IsolatingApplier(
                tx,
                events,
                side,
                stream -> stream.deadLetters().onPoison(),
                new WaitFilter(tx, events, side)::withoutWaiting);
    }

    /** For events that don't come from a lane's batch: what happens to them stops no lane. */
    public static IsolatingApplier besideLane(Tx tx, OrderedEvents events, SideOutput side) {
        return besideLane(tx, events, side, new WaitFilter(tx, events, side)::withoutWaiting);
    }

    /** For events that have waited for the right side of a join. */
    public static IsolatingApplier afterWaiting(Tx tx, OrderedEvents events, SideOutput side) {
        return besideLane(tx, events, side, (view, due) -> due);
    }

    private static IsolatingApplier besideLane(
            Tx tx, OrderedEvents events, SideOutput side, BiFunction<NamedWriter, int[], int[]> waiting) {
        return new IsolatingApplier(
                tx,
                events,
                side,
                stream -> skipInsteadOfStop(stream.deadLetters().onPoison()),
                waiting);
    }

    private static Stream.OnPoison skipInsteadOfStop(Stream.OnPoison declared) {
        return declared == Stream.OnPoison.STOP ? Stream.OnPoison.SKIP : declared;
    }

    @Override
    public void apply(NamedWriter view, int[] wanted) {
        int[] due = waiting.apply(view, parking.parkForView(view, wanted));
        if (due.length == 0) {
            return;
        }
        if (IntStream.of(due).noneMatch(event -> policy(view, events.stream(event)) == Stream.OnPoison.PARK)) {
            isolate(view, due);
            return;
        }
        tx.send("SAVEPOINT view");
        int[] applied = isolate(view, due);
        while (applied.length < due.length && IntStream.of(applied).anyMatch(event -> parking.isBlocked(view, event))) {
            // Their key was parked only now, by an earlier event: they were applied out of order.
            tx.execute("ROLLBACK TO SAVEPOINT view");
            due = parking.parkForView(view, applied);
            applied = isolate(view, due);
        }
        tx.send("RELEASE SAVEPOINT view");
    }

    /** @return those that were applied; the others are dead letters now */
    private int[] isolate(NamedWriter view, int[] due) {
        List<Isolation.Refused> refused;
        try {
            refused = new Isolation(tx, view, events).applyInTransaction(due, suspects);
        } catch (RuntimeException e) {
            throw Unavailable.is(e) ? new ViewUnavailable(view.name(), e) : fault(view, e);
        }
        BitSet out = new BitSet();
        for (Isolation.Refused event : refused) {
            deadLetter(view, event);
            out.set(event.event());
        }
        return refused.isEmpty()
                ? due
                : IntStream.of(due).filter(event -> !out.get(event)).toArray();
    }

    private static ViewFault fault(NamedWriter view, RuntimeException failure) {
        return failure instanceof ViewFault known ? known : new ViewFault(view.name(), failure);
    }

    private void deadLetter(NamedWriter view, Isolation.Refused refused) {
        ConsumerRecord<byte[], byte[]> record = side.records().record(events.offset(refused.event()));
        Stream stream = events.stream(refused.event());
        Stream.OnPoison policy = policy(view, stream);
        if (policy == Stream.OnPoison.STOP) {
            throw new BatchRolledBack(StoppedByPoison.of(
                    stream.name(),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    view.name(),
                    refused.why().message()));
        }
        suspects.set(refused.event());
        side.add(DeadLetter.refused(
                record, stream, view.name(), policy, refused.why().message()));
    }

    /** A view that nobody reads yet stops no lane. */
    private Stream.OnPoison policy(NamedWriter view, Stream stream) {
        Stream.OnPoison declared = policy.apply(stream);
        return view.isBuilt() ? skipInsteadOfStop(declared) : declared;
    }
}
