package dev.leat.view.rebuild;

import dev.leat.pipeline.View;
import dev.leat.postgres.Transacting;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.ViewTables;
import dev.leat.view.table.ViewWriters;
import dev.leat.view.time.ClosableView;
import dev.leat.view.time.ClosedThrough;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/**
 * Joins of streams that are being built keep all events and close nothing until they have caught up. Then, before they serve,
 * they are closed as far as the view that serves: readers miss no row of an event that has met none. A step at a time, so
 * that the lanes, which have them by then, wait for no more than one. Blocks.
 */
@ApplicationScoped
class JoinCatchUp {

    private final Transacting transactions;
    private final ViewTables tables;
    private final ViewWriters writers;

    JoinCatchUp(Transacting transactions, ViewTables tables, ViewWriters writers) {
        this.transactions = transactions;
        this.tables = tables;
        this.writers = writers;
    }

    void closeAlike(String served, View built) {
        if (!(built instanceof View.Sql join) || join.streams().size() < 2) {
            return;
        }
        tables.require(join);
        SqlView view = writers.of(join);
        Instant through = transactions.run(tx -> ClosedThrough.inTransaction(tx, served));
        if (through.equals(ClosableView.NEVER)) {
            return;
        }
        while (transactions.run(tx -> {
            ClosedThrough.advanceInTransaction(tx, join.name(), through);
            return view.closeSomeInTransaction(tx, through);
        })) {
            // A transaction of bounded length each.
        }
    }
}
