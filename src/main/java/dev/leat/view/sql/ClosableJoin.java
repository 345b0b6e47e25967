package dev.leat.view.sql;

import dev.leat.postgres.Tx;
import dev.leat.view.time.ClosableView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A join of streams, which forgets events as time goes by. */
record ClosableJoin(SqlView sqlView) implements ClosableView {

    @Override
    public String name() {
        return sqlView.view().name();
    }

    @Override
    public List<String> streams() {
        return sqlView.view().streams();
    }

    @Override
    public Duration grace() {
        return sqlView.view().grace();
    }

    @Override
    public boolean takesTurns() {
        return true;
    }

    @Override
    public boolean isUpToDateInTransaction(Tx tx) {
        return sqlView.isUpToDateInTransaction(tx);
    }

    @Override
    public void closeInTransaction(Tx tx, Instant from, Instant through) {
        sqlView.closeJoinInTransaction(tx, through);
        sqlView.closeInTransaction(tx, from, through);
    }
}
