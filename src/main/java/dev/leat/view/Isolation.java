package dev.leat.view;

import dev.leat.schema.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Applies rows to one view so that those which the view can't hold stand aside and all others are in: all at once behind
 * a savepoint, and where that fails, by halves. One row that can't be applied costs about as much again as the whole batch,
 * and no transaction of its own.
 */
final class Isolation {

    private final Tx tx;
    private final ViewWriter writer;
    private final Rows rows;

    Isolation(Tx tx, ViewWriter writer, Rows rows) {
        this.tx = tx;
        this.writer = writer;
        this.rows = rows;
    }

    /** A row that the view can't hold. */
    record Refused(int row, String message) {}

    /**
     * Applies these rows but for those which are returned.
     *
     * @param suspects rows that another view has refused; they are looked at alone first
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
                    .filter(row -> refused.stream().noneMatch(r -> r.row() == row))
                    .toArray();
        }
        isolate(others, refused);
        return refused;
    }

    private void isolate(int[] selected, List<Refused> refused) {
        if (selected.length == 0) {
            return;
        }
        Optional<String> refusal = attempt(selected);
        if (refusal.isEmpty()) {
            return;
        }
        if (selected.length == 1) {
            refused.add(new Refused(selected[0], refusal.get()));
            return;
        }
        int half = selected.length / 2;
        isolate(Arrays.copyOfRange(selected, 0, half), refused);
        isolate(Arrays.copyOfRange(selected, half, selected.length), refused);
    }

    /** Why the view refuses them; empty when they are in. */
    private Optional<String> attempt(int[] selected) {
        tx.send("SAVEPOINT part");
        try {
            tx.await(writer.applyInTransaction(tx.connection(), rows, selected));
        } catch (RuntimeException e) {
            Optional<String> refusal = PgRefusal.of(e);
            if (refusal.isEmpty()) {
                throw e;
            }
            tx.execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part");
            return refusal;
        }
        tx.send("RELEASE SAVEPOINT part");
        return Optional.empty();
    }

    /** The same for one row, of which nothing stays. */
    private Optional<String> probe(int row) {
        tx.send("SAVEPOINT probe");
        Optional<String> refusal = attempt(new int[] {row});
        tx.execute("ROLLBACK TO SAVEPOINT probe; RELEASE SAVEPOINT probe");
        return refusal;
    }
}
