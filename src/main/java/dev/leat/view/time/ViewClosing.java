package dev.leat.view.time;

import dev.leat.postgres.Transacting;
import dev.leat.postgres.Tx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/**
 * Closes one view as far as its streams' watermarks let it, in one transaction: whatever fails, nothing is closed. Safe
 * with several instances: one closes, the others skip the view. {@code closed_through} never goes back. Blocks.
 */
@ApplicationScoped
public class ViewClosing {

    private final Transacting transactions;
    private final Watermarks watermarks;

    ViewClosing(Transacting transactions, Watermarks watermarks) {
        this.transactions = transactions;
        this.watermarks = watermarks;
    }

    /** Up to when the view was closed now; empty when there is nothing to close, or another instance is closing it. */
    public Optional<Instant> close(ClosableView view) {
        // Asked without locks first, because the exclusive one holds the lanes up.
        return transactions
                        .run(tx -> view.isUpToDateInTransaction(tx) ? next(tx, view) : Optional.<Instant>empty())
                        .isEmpty()
                ? Optional.empty()
                : transactions.run(tx -> closeInTransaction(tx, view));
    }

    private Optional<Instant> closeInTransaction(Tx tx, ClosableView view) {
        if (!ViewLocks.closeInTransaction(tx, view.name()) || !view.isUpToDateInTransaction(tx)) {
            return Optional.empty();
        }
        // Asked again: a batch that we waited for may have made an older partition active.
        Optional<Instant> through = next(tx, view);
        through.ifPresent(end -> {
            view.closeInTransaction(tx, ClosedThrough.inTransaction(tx, view.name()), end);
            ClosedThrough.saveInTransaction(tx, view.name(), end);
        });
        return through;
    }

    private Optional<Instant> next(Tx tx, ClosableView view) {
        return watermarks
                .closableInTransaction(tx, view)
                .filter(through -> through.isAfter(ClosedThrough.inTransaction(tx, view.name())));
    }
}
