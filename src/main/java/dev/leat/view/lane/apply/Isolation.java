package dev.leat.view.lane.apply;

import dev.leat.postgres.Tx;
import dev.leat.view.writer.OrderedEvents;
import dev.leat.view.writer.RowRefusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Applies all rows to one view but those that it refuses. Tries all at once after a savepoint; where that fails, by eighths
 * of what failed. One refused row costs the batch half of its work once more. During the view's cool-down the batch is cut
 * up at once, and the row costs a tenth.
 */
final class Isolation {

    private static final int PARTS = 8;

    private final Tx tx;
    private final NamedWriter view;
    private final OrderedEvents events;

    Isolation(Tx tx, NamedWriter view, OrderedEvents events) {
        this.tx = tx;
        this.view = view;
        this.events = events;
    }

    /** An event that the view refuses. */
    record Refused(int event, String message) {}

    /**
     * Applies these rows.
     *
     * @param suspects rows that another view has refused; they are tried alone first
     * @return those that weren't applied
     */
    List<Refused> applyInTransaction(int[] selected, BitSet suspects) {
        List<Refused> refused = new ArrayList<>();
        int[] others = selected;
        if (!suspects.isEmpty()) {
            for (int row : selected) {
                if (suspects.get(row)) {
                    probe(row).ifPresent(message -> refused.add(new Refused(row, message)));
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
        Optional<String> refusal = attempt(selected);
        if (refusal.isEmpty()) {
            return;
        }
        if (selected.length == 1) {
            refused.add(new Refused(selected[0], refusal.get()));
        } else {
            isolateParts(selected, refused);
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
    private Optional<String> attempt(int[] selected) {
        tx.send("SAVEPOINT part");
        try {
            view.writer().applyInTransaction(tx, events, selected);
            tx.settle();
        } catch (RuntimeException e) {
            Optional<String> refusal = RowRefusal.of(e);
            if (refusal.isEmpty()) {
                throw e;
            }
            tx.execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part");
            return refusal;
        }
        tx.send("RELEASE SAVEPOINT part");
        return Optional.empty();
    }

    /** The same for one row, which is rolled back in any case. */
    private Optional<String> probe(int row) {
        tx.send("SAVEPOINT probe");
        Optional<String> refusal = attempt(new int[] {row});
        tx.execute("ROLLBACK TO SAVEPOINT probe; RELEASE SAVEPOINT probe");
        return refusal;
    }
}
