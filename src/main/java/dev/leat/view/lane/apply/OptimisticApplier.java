package dev.leat.view.lane.apply;

import dev.leat.postgres.Tx;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.writer.OrderedEvents;

/**
 * Sends statements pipelined and without savepoints. Any refusal fails the transaction; then an {@link IsolatingApplier}
 * takes the batch. Cheapest where no view refuses anything, as in nearly all batches.
 */
public final class OptimisticApplier implements ViewApplier {

    private final Tx tx;
    private final OrderedEvents events;
    private final ParkingFilter parking;
    private final WaitFilter waiting;

    public OptimisticApplier(Tx tx, OrderedEvents events, SideOutput side) {
        this.tx = tx;
        this.events = events;
        this.parking = new ParkingFilter(events, side);
        this.waiting = new WaitFilter(tx, events, side);
    }

    @Override
    public void apply(NamedWriter view, int[] wanted) {
        int[] due = waiting.withoutWaiting(view, parking.parkForView(view, wanted));
        if (due.length > 0) {
            view.writer().applyInTransaction(tx, events, due);
            tx.afterCommit(view.cooldown()::tookRows);
        }
    }
}
