package dev.leat.view.sql;

import dev.leat.postgres.Tx;
import dev.leat.view.time.ClosableView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A view in SQL whose rows become final. That it is one is told by its text; when, only once it is made. */
final class ClosableSqlView implements ClosableView {

    private final SqlView sqlView;
    private final boolean takesTurns;

    /** @param takesTurns whether its lanes do */
    ClosableSqlView(SqlView sqlView, boolean takesTurns) {
        this.sqlView = sqlView;
        this.takesTurns = takesTurns;
    }

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
        return takesTurns;
    }

    @Override
    public Instant lastEnd(Instant through) {
        Optional<FinalRows> closing = sqlView.closing();
        return closing.isEmpty() ? NEVER : closing.get().lastEnd().apply(through);
    }

    @Override
    public boolean isUpToDateInTransaction(Tx tx) {
        return sqlView.isUpToDateInTransaction(tx);
    }

    /** Readers see by {@code closed_through} what is final; a topic gets it now. */
    @Override
    public void closeInTransaction(Tx tx, Instant from, Instant through) {
        sqlView.closeInTransaction(tx, from, through);
    }
}
