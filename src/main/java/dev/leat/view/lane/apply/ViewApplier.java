package dev.leat.view.lane.apply;

import dev.leat.postgres.Tx;
import dev.leat.view.deadletter.SideOutput;
import dev.leat.view.writer.OrderedEvents;

/** Applies some events to views, within a transaction. Events that wait for a dead letter of their key are parked. */
public interface ViewApplier {

    /** @param wanted indexes of events, ascending */
    void apply(NamedWriter view, int[] wanted);

    /** Whether a batch is applied optimistically or isolating. */
    @FunctionalInterface
    interface Kind {
        ViewApplier of(Tx tx, OrderedEvents events, SideOutput side);
    }
}
