package dev.leat.view.sql;

import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import java.util.List;
import java.util.Optional;

/** A view of views: Postgres answers it from the other views, when it is asked. */
record PlainPlan(List<Column> columns, List<String> key, Optional<String> visible) implements Plan {

    @Override
    public String kept() {
        return "A view of Postgres over other views: nothing is kept for it, and it never lags them.";
    }

    @Override
    public List<String> statements(Rows rows) {
        return List.of();
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        throw new IllegalStateException("no stream feeds a view of views");
    }
}
