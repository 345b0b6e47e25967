package dev.leat.view.lane.apply;

import dev.leat.failure.Unavailable;
import dev.leat.postgres.Tx;
import dev.leat.view.writer.OrderedEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Applies all rows to one view but those that it refuses. Tries all at once after a savepoint; where that fails, by eighths
 * of what failed. One refused row costs the batch half of its work once more. During the view's cool-down the batch is cut
 * up at once, and the row costs a tenth.
 *
 * <p>A row that fails alone is refused, whatever the failure is, as long as the view takes others. Where the statement can't
 * be run with any rows, or so many rows in a row fail for another reason than their values, the view itself is at fault.
 */
final class Isolation {

    private static final int PARTS = 8;

    /** So many rows one after the other, without one that is taken between them. */
    private static final int AT_FAULT_AFTER = 100;

    private final Tx tx;
    private final NamedWriter view;
    private final OrderedEvents events;

    Isolation(Tx tx, NamedWriter view, OrderedEvents events) {
        this.tx = tx;
        this.view = view;
        this.events = events;
    }

    /** An event that the view refuses. */
    record Refused(int event, Refusal why) {}

    /**
     * Applies these rows.
     *
     * @param suspects rows that another view has refused; they are tried alone first
     * @return those that weren't applied
     * @throws ViewFault the view takes no rows
     */
    List<Refused> applyInTransaction(int[] selected, BitSet suspects) {
        List<Refused> refused = new ArrayList<>();
        int[] others = selected;
        if (!suspects.isEmpty()) {
            for (int row : selected) {
                if (suspects.get(row)) {
                    probe(row).ifPresent(why -> refused.add(new Refused(row, why)));
                }
            }
            others = Arrays.stream(selected)
                    .filter(row -> refused.stream().noneMatch(r -> r.event() == row))
                    .toArray();
        }
        if (view.cooldown().countBatch()) {
            isolateParts(others, refused);
        } else {
            isolate(others, refused);
        }
        if (!refused.isEmpty()) {
            view.cooldown().begin();
        }
        return refused;
    }

    private void isolate(int[] selected, List<Refused> refused) {
        Optional<Refusal> refusal = attempt(selected);
        if (refusal.isEmpty()) {
            view.cooldown().tookRows();
            return;
        }
        Refusal why = refusal.get();
        if (why.isOfView()) {
            throw new ViewFault(view.name(), why.cause());
        }
        if (selected.length > 1) {
            isolateParts(selected, refused);
            return;
        }
        refused.add(new Refused(selected[0], why));
        if (!why.isOfData() && view.cooldown().countUnexplained() >= AT_FAULT_AFTER) {
            throw new ViewFault(view.name(), why.cause());
        }
    }

    /** In the order of the rows, because a later one may depend on an earlier one. */
    private void isolateParts(int[] selected, List<Refused> refused) {
        int part = Math.ceilDiv(selected.length, PARTS);
        for (int from = 0; from < selected.length; from += part) {
            isolate(Arrays.copyOfRange(selected, from, Math.min(selected.length, from + part)), refused);
        }
    }

    /** Why the view refuses them; empty when they are in. */
    private Optional<Refusal> attempt(int[] selected) {
        tx.send("SAVEPOINT part");
        try {
            view.writer().applyInTransaction(tx, events, selected);
            tx.settle();
        } catch (RuntimeException | StackOverflowError e) {
            if (Unavailable.is(e)) {
                throw e;
            }
            tx.undoTo("part");
            return Optional.of(Refusal.of(e));
        }
        tx.send("RELEASE SAVEPOINT part");
        return Optional.empty();
    }

    /** The same for one row, which is rolled back in any case. */
    private Optional<Refusal> probe(int row) {
        tx.send("SAVEPOINT probe");
        Optional<Refusal> refusal = attempt(new int[] {row});
        tx.undoTo("probe");
        return refusal;
    }
}
