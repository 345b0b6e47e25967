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
 * Joins of streams that are being rebuilt keep all events and close nothing until they have caught up. Before they are
 * activated, they are closed as far as the active generation, so that readers miss no unmatched row of a left join. Closes in
 * steps, because the lanes apply their batches by then and wait for one step at most. Blocks.
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

    void closeAsFarAs(String active, View built) {
        if (!(built instanceof View.Sql join) || join.streams().size() < 2) {
            return;
        }
        tables.require(join);
        SqlView view = writers.of(join);
        Instant through = transactions.run(tx -> ClosedThrough.inTransaction(tx, active));
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
